using Npgsql;
using Vellarys.Messaging.Broker;
using Vellarys.Storage;

namespace Vellarys.Messaging.Admin;

/// <summary>
/// How long the first in line has been due, over all queues. Reads the heads of the index only, so that a health check
/// stays quick in front of any backlog.
/// </summary>
internal sealed class OldestWaiting(NpgsqlDataSource source, IBrokerBacklog? broker = null)
{
    private const string Sql =
        """
        select now() - min(head.due_at)
        from unnest($1::text[]) as q (queue)
        cross join unnest('{0,1,2}'::smallint[]) as p (priority)
        cross join lateral (
            select m.due_at from queue_messages m
            where m.queue = q.queue and m.priority = p.priority and m.due_at <= now()
            order by m.due_at
            limit 1
        ) head
        """;

    public async Task<BrokerAge> RunAsync(CancellationToken cancellationToken)
    {
        BrokerAge there = broker is null ? new(null, true) : await broker.OldestAsync(cancellationToken);
        return there with { Oldest = Longer(await HereAsync(cancellationToken), there.Oldest) };
    }

    public static TimeSpan? Longer(TimeSpan? one, TimeSpan? other) => one > other || other is null ? one : other;

    private async Task<TimeSpan?> HereAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = source.CreateWorkerBatch(
            Sql, new NpgsqlParameter<string[]> { TypedValue = [.. Queues.All] });
        await using NpgsqlDataReader row = await batch.ReadRowsAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) && !await row.IsDBNullAsync(0, cancellationToken)
            ? row.GetTimeSpan(0)
            : null;
    }
}
