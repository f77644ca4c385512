using System.Text.Json.Nodes;
using Npgsql;
using Vellarys.Accounts.Teams;
using Vellarys.Storage;

namespace Vellarys.Webhooks;

/// <summary>What is read before a call and written after it: one round trip each, none held across the call.</summary>
internal sealed class DeliverWebhookStore(
    NpgsqlDataSource database, TenantReader reader, ReleaseDeliveries release, WebhookSecrets secrets,
    WebhookOptions options, ICrashPoints crashPoints)
{
    private static readonly string Load = EngineSql.Of<DeliverWebhookStore>("load-delivery.sql");
    private static readonly string Settle = EngineSql.Of<DeliverWebhookStore>("settle-delivery.sql");

    /// <summary>Null when the endpoint or the event is gone, or a later message is about them.</summary>
    public async Task<StoredDelivery?> FindAsync(WebhookDue due, CancellationToken cancellationToken) =>
        await reader.FindAsync<StoredDelivery>(
            new TenantId(due.Tenant),
            new NpgsqlBatchCommand(Load).With(due.Tenant).With(due.Event).With(due.Endpoint).With(due.Round),
            cancellationToken) is { } stored
            ? secrets.Open(new TenantId(due.Tenant), due.Endpoint!.Value, stored)
            : null;

    /// <param name="pause">Null when no attempt is left.</param>
    public async Task<SettledDelivery> SettleAsync(
        WebhookDue due, string state, CallOutcome outcome, TimeSpan? pause, CancellationToken cancellationToken)
    {
        SettledDelivery settled;
        TenantId tenant = new(due.Tenant);
        await using (NpgsqlBatch batch = database.CreateBatch())
        {
            batch.BatchCommands.Add(TenantScope.For(tenant));
            batch.BatchCommands.Add(new NpgsqlBatchCommand(Settle)
                .With(due.Tenant)
                .With(due.Event)
                .With(due.Endpoint)
                .With(state)
                .With(outcome.Status)
                .With(outcome.Reason)
                .With(outcome.DurationMs)
                // Tried often, but not for long: it goes on at the pace of the last attempts.
                .With(pause ?? (options.Delays is [.., var last] ? last : TimeSpan.Zero))
                .With(options.TellAfter)
                .With(options.DisableAfter)
                .With(due.Round)
                .With(options.TryEvery)
                .With(options.DownAfter)
                .With(options.TriedFor));
            await using NpgsqlDataReader rows = await batch.ExecuteReaderAsync(cancellationToken);
            await rows.NextResultAsync(cancellationToken);
            await rows.ReadAsync(cancellationToken);
            settled = new SettledDelivery(
                rows.IsDBNull(0) ? null : rows.GetString(0), rows.IsDBNull(1) ? null : rows.GetTimeSpan(1),
                rows.IsDBNull(2) ? null : rows.GetString(2), rows.IsDBNull(3) ? null : rows.GetString(3),
                rows.GetBoolean(4));
        }

        crashPoints.Reach("webhook:after-settle");
        if (settled.OthersWait) await release.RunAsync(tenant, due.Endpoint!.Value, false, cancellationToken);
        if (settled.Notice is { } notice) await TellAsync(due, notice, settled.Url!, cancellationToken);
        return settled;
    }

    /// <summary>The endpoint rests: the event waits for a replay.</summary>
    public Task HoldAsync(WebhookDue due, CancellationToken cancellationToken) =>
        MarkAsync(due, "held", cancellationToken);

    public Task BuryAsync(WebhookDue due, CancellationToken cancellationToken) =>
        MarkAsync(due, "dead", cancellationToken);

    /// <summary>Others are called first: it comes when one of them has come back.</summary>
    public async Task WaitAsync(WebhookDue due, CancellationToken cancellationToken)
    {
        await MarkAsync(due, "waiting", cancellationToken);
        // The last of them may have come back meanwhile.
        await release.RunAsync(new TenantId(due.Tenant), due.Endpoint!.Value, onlyWhenIdle: true, cancellationToken);
    }

    private async Task MarkAsync(WebhookDue due, string state, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(new TenantId(due.Tenant)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            update webhook_deliveries set state = $4, round = round + 1, next_attempt_at = null
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
