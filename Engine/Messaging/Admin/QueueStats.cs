using Npgsql;
using Vellarys.Messaging.Broker;
using Vellarys.Storage;

namespace Vellarys.Messaging.Admin;

/// <summary>
/// Counts for operators and metrics. Reads the whole queue table: for every few seconds, not for every message.
/// </summary>
/// <param name="broker">Where the queues are outside the database; null where they are in it.</param>
public sealed class QueueStats(NpgsqlDataSource source, IBrokerBacklog? broker = null)
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

        if (broker is not null)
        {
            foreach (BrokerBacklog there in await broker.ReadAsync(cancellationToken))
                found[there.Entity] = Sum(found.GetValueOrDefault(there.Entity), there);
        }

        return
        [
            .. Queues.All.Select(q => found.GetValueOrDefault(q) ?? new(q, 0, 0, 0, 0, 0, null)),
            .. found.Values.Where(c => !Queues.All.Contains(c.Queue)),
        ];
    }

    private static QueueCounts Sum(QueueCounts? here, BrokerBacklog there)
    {
        QueueCounts counts = here ?? new(there.Entity, 0, 0, 0, 0, 0, null);
        return counts with
        {
            Waiting = counts.Waiting + there.Waiting,
            Delayed = counts.Delayed + there.Delayed,
            // What is known of one place only may be the younger part.
            OldestWaiting = there.IsKnown ? OldestWaiting.Longer(counts.OldestWaiting, there.Oldest) : null,
            IsOldestKnown = there.IsKnown,
        };
    }
}
