using Npgsql;
using Vellarys.Channels;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Conversations;

/// <summary>The statements behind <see cref="DeliverMessage"/>.</summary>
public sealed class DeliverMessageStore(
    NpgsqlDataSource database, IOutbox outbox, ICrashPoints crashPoints, TimeProvider time)
{
    /// <summary>A reply is sent once more after silence.</summary>
    private const int SendsAfterSilence = 2;

    /// <summary>The provider answered that it had trouble, or our own process died: a few times.</summary>
    private const int SendsAfterTrouble = 5;

    private static readonly string ClaimSql = EngineSql.Of<DeliverMessage>("deliver-claim.sql");
    private static readonly string SettleSql = EngineSql.Of<DeliverMessage>("deliver-settle.sql");
    private static readonly string ResumeSql = EngineSql.Of<DeliverMessage>("deliver-resume.sql");

    internal async Task<IReadOnlyList<DeliveryState>> ClaimAsync(IReadOnlyList<DeliveryDue> dues)
    {
        Guid[] claims = [.. dues.Select(_ => Ids.New(time))];
        int ordinal = 0;
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(dues.Select(d => new TenantId(d.Tenant))));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ClaimSql)
            .WithColumn(dues, _ => ordinal++)
            .WithColumn(dues, d => d.Tenant)
            .WithColumn(dues, d => d.Message)
            .With(claims));

        long at = time.GetTimestamp();
        crashPoints.Reach("deliver:before-claim");
        var states = new DeliveryState[dues.Count];
        Array.Fill(states, new DeliveryState.Done());
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        while (await reader.ReadAsync())
        {
            int n = reader.GetInt32(0);
            if (!reader.IsDBNull(1))
            {
                states[n] = new DeliveryState.Claimed(
                    claims[n], at, reader.GetGuid(4), reader.GetGuid(5), reader.GetString(6), reader.GetString(7),
                    !reader.IsDBNull(8) && reader.GetBoolean(8), reader.GetBoolean(9), reader.GetString(10),
                    TemplateMessage.Read(reader.IsDBNull(11) ? null : reader.GetString(11)));
            }
            else if (reader.GetString(2) is "pending" or "sending" or "unknown")
            {
                states[n] = new DeliveryState.Waiting();
            }
        }

        crashPoints.Reach("deliver:after-claim");
        return states;
    }

    internal async Task<IReadOnlyList<bool>> SettleAsync(IReadOnlyList<SendReport> reports)
    {
        List<Delivery> ended = [.. reports.Where(r => r.Settled is not null).Select(r => r.Settled!)];
        using Reservation none = outbox.Reserve(Queues.MessageDelivery, 0);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(reports.Select(r => new TenantId(r.Due.Tenant))));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SettleSql)
            .WithColumn(reports, r => r.Due.Tenant)
            .WithColumn(reports, r => r.Due.Message)
            .WithColumn(reports, r => r.ClaimId)
            .WithColumn(reports, r => r.State)
            .WithColumn(reports, r => r.ProviderMessageId)
            .WithColumn(reports, r => r.Reason));
        if (ended.Count > 0 && outbox.SettleCommand(ended) is { } settle) batch.BatchCommands.Add(settle);
        crashPoints.Reach("deliver:before-settle");
        await batch.ExecuteNonQueryAsync();
        crashPoints.Reach("deliver:after-settle");
        await outbox.CommittedAsync(none, [], ended);
        return new bool[reports.Count];
    }

    /// <summary>Decides what a message waits for; null when there is no such message.</summary>
    internal async Task<(string? State, TimeSpan Left)> ResumeAsync(DeliveryDue due, TimeSpan wait)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(new TenantId(due.Tenant)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ResumeSql)
            .With(due.Tenant)
            .With(due.Message)
            .With(wait.TotalMilliseconds)
            .With(SendsAfterSilence)
            .With(SendsAfterTrouble));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        if (!await reader.ReadAsync()) return (null, default);
        string state = reader.GetString(0);
        TimeSpan left = TimeSpan.FromMilliseconds(reader.GetInt64(1));
        return (state, state == "unknown" && left == TimeSpan.Zero ? wait : left);
    }

    /// <summary>The provider refused the account itself: nothing more is sent until somebody mends it.</summary>
    internal async Task StopChannelAsync(Guid tenant, Guid channel)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(new TenantId(tenant)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "update channels set status = 'stopped', updated_at = now() where tenant_id = $1 and id = $2")
            .With(tenant)
            .With(channel));
        await batch.ExecuteNonQueryAsync();
    }
}
