using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Messaging.Admin;

/// <summary>
/// Counts for operators and metrics. Reads the whole queue table: for every few seconds, not for every message.
/// </summary>
public sealed class QueueStats(NpgsqlDataSource source)
{
    private static readonly string Read = EngineSql.Read("Messaging.Admin.queue-stats.sql");

    /// <summary>
    /// One entry for each queue of <see cref="Queues.All"/>, in that order, then any other that has rows.
    /// </summary>
    public async Task<IReadOnlyList<QueueCounts>> RunAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, QueueCounts> found = [];
        await using NpgsqlBatch batch = source.CreateWorkerBatch(Read);
        await using NpgsqlDataReader row = await batch.ReadRowsAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            QueueCounts counts = new(
                row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
                await row.IsDBNullAsync(6, cancellationToken) ? null : row.GetTimeSpan(6));
            found[counts.Queue] = counts;
        }

        return
        [
            .. Queues.All.Select(q => found.GetValueOrDefault(q) ?? new(q, 0, 0, 0, 0, 0, null)),
            .. found.Values.Where(c => !Queues.All.Contains(c.Queue)),
        ];
    }
}
