using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Conversations.Ledger;

/// <summary>Balances what was received against what became of it.</summary>
internal sealed class MessageLedger(NpgsqlDataSource database)
{
    private static readonly string Sql = EngineSql.Of<MessageLedger>("ledger-balance.sql");

    /// <summary>
    /// The books of one tenant since a time; also counts what still waits in the queue and what died there.
    /// </summary>
    public async Task<LedgerReport> RunAsync(
        TenantId tenant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(tenant.Value).With(since.UtcDateTime));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select a.waiting, a.dead from count_accepted($1, $2) a")
            .With(tenant.Value)
            .With(since.UtcDateTime));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "select count(*) from custody_cases where tenant_id = $1 and opened_at <= now()").With(tenant.Value));

        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        Dictionary<string, long> counts = await CountAsync(reader, cancellationToken);
        var report = new LedgerReport(
            since, counts.Values.Sum(), counts.GetValueOrDefault(LedgerOutcome.Replied),
            counts.GetValueOrDefault(LedgerOutcome.HandedOff), counts.GetValueOrDefault(LedgerOutcome.Ignored),
            counts.GetValueOrDefault(LedgerOutcome.Failed), counts.GetValueOrDefault(LedgerOutcome.Open), 0, 0, 0);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        report = report with { Queued = reader.GetInt64(0), DeadLetters = reader.GetInt64(1) };
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return report with { Overdue = reader.GetInt64(0) };
    }

    private static async Task<Dictionary<string, long>> CountAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        Dictionary<string, long> counts = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            string outcome = LedgerOutcome.Of(
                reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1),
                reader.IsDBNull(2) ? null : reader.GetString(2));
            counts[outcome] = counts.GetValueOrDefault(outcome) + reader.GetInt64(3);
        }

        return counts;
    }
}

/// <summary>Received = replied + handed off + ignored + failed + open, always.</summary>
/// <param name="Received">Provider events recorded since <paramref name="Since"/>.</param>
/// <param name="Replied">Covered by a reply that was sent.</param>
/// <param name="HandedOff">Left to a person.</param>
/// <param name="Ignored">Needed no answer, with the reason on record.</param>
/// <param name="Failed">Visibly without an answer.</param>
/// <param name="Open">Still on the way.</param>
/// <param name="Queued">Accepted and not recorded yet (not part of <paramref name="Received"/>).</param>
/// <param name="DeadLetters">Accepted and never recorded; each can be redriven.</param>
/// <param name="Overdue">Open for longer than the grace time; being redriven.</param>
/// <param name="KeptSince">From here on every event is counted; of what came earlier, only what is still open.</param>
internal sealed record LedgerReport(
    DateTimeOffset Since, long Received, long Replied, long HandedOff, long Ignored, long Failed, long Open,
    long Queued, long DeadLetters, long Overdue, DateTimeOffset? KeptSince = null);
