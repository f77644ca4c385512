using System.Text.Json.Nodes;
using Npgsql;
using Vellarys.Accounts.Teams;
using Vellarys.Storage;

namespace Vellarys.Webhooks;

/// <summary>What is read before a call and written after it: one round trip each, none held across the call.</summary>
internal sealed class DeliverWebhookStore(
    NpgsqlDataSource database, TenantReader reader, WebhookOptions options, ICrashPoints crashPoints)
{
    private static readonly string Load = EngineSql.Of<DeliverWebhookStore>("load-delivery.sql");
    private static readonly string Settle = EngineSql.Of<DeliverWebhookStore>("settle-delivery.sql");

    /// <summary>Null when the endpoint or the event is gone, or a replay has begun another round.</summary>
    public Task<StoredDelivery?> FindAsync(WebhookDue due, CancellationToken cancellationToken) =>
        reader.FindAsync<StoredDelivery>(
            new TenantId(due.Tenant),
            new NpgsqlBatchCommand(Load).With(due.Tenant).With(due.Event).With(due.Endpoint).With(due.Round),
            cancellationToken);

    /// <summary>Returns what staff was told of the endpoint, if anything.</summary>
    public async Task<string?> SettleAsync(
        WebhookDue due, string state, CallOutcome outcome, TimeSpan? pause, CancellationToken cancellationToken)
    {
        (string Kind, string Url)? notice = null;
        await using (NpgsqlBatch batch = database.CreateBatch())
        {
            batch.BatchCommands.Add(TenantScope.For(new TenantId(due.Tenant)));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Settle)
                .With(due.Tenant)
                .With(due.Event)
                .With(due.Endpoint)
                .With(state)
                .With(outcome.Status)
                .With(outcome.Reason)
                .With(outcome.DurationMs)
                .With(pause)
                .With(options.TellAfter)
                .With(options.DisableAfter)
                .With(due.Round));
            await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellationToken);
            await rows.NextResultAsync(cancellationToken);
            if (await rows.ReadAsync(cancellationToken)) notice = (rows.GetString(0), rows.GetString(1));
        }

        crashPoints.Reach("webhook:after-settle");
        if (notice is not { } told) return null;
        await TellAsync(due, told.Kind, told.Url, cancellationToken);
        return told.Kind;
    }

    /// <summary>The endpoint rests: the event waits for a replay.</summary>
    public Task HoldAsync(WebhookDue due, CancellationToken cancellationToken) =>
        MarkAsync(due, "held", cancellationToken);

    public Task BuryAsync(WebhookDue due, CancellationToken cancellationToken) =>
        MarkAsync(due, "dead", cancellationToken);

    private async Task MarkAsync(WebhookDue due, string state, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(new TenantId(due.Tenant)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            update webhook_deliveries set state = $4, next_attempt_at = null
            where tenant_id = $1 and event_id = $2 and endpoint_id = $3 and round = $5
                and state = 'pending'
            """)
            .With(due.Tenant)
            .With(due.Event)
            .With(due.Endpoint)
            .With(state)
            .With(due.Round));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task TellAsync(WebhookDue due, string kind, string url, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(new TenantId(due.Tenant)));
        // The host alone: what follows it may be a secret of the receiver's.
        batch.BatchCommands.Add(NotifyStaff.Command(
            new TenantId(due.Tenant), conversation: null, agent: null, kind,
            new JsonObject { ["endpointId"] = due.Endpoint, ["host"] = new Uri(url).Host }));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
