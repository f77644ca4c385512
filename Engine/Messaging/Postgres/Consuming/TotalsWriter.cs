using Npgsql;
using NpgsqlTypes;

namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>
/// Adds up completed and failed messages in <c>queue_totals</c>, every few seconds rather than one by one.
/// </summary>
internal sealed class TotalsWriter(NpgsqlDataSource source, LocalConsumers local, QueueMetrics metrics)
{
    private const string Add =
        """
        insert into queue_totals as t (queue, completed, failed)
        select queue, completed, failed
        from unnest($1::text[], $2::bigint[], $3::bigint[]) as ended (queue, completed, failed)
        order by queue
        on conflict (queue) do update
        set completed = t.completed + excluded.completed, failed = t.failed + excluded.failed
        """;

    public async Task WriteAsync()
    {
        List<(QueueConsumer Consumer, long Completed, long Failed)> ended = [];
        foreach (QueueConsumer consumer in local.All)
        {
            (long completed, long failed) = consumer.Tally.Take();
            if (completed + failed > 0) ended.Add((consumer, completed, failed));
        }

        if (ended.Count == 0) return;
        bool written = false;
        try
        {
            await using NpgsqlCommand command = source.CreateCommand(Add);
            command.Parameters.Add(Sql.Array(NpgsqlDbType.Text, ended.Select(e => e.Consumer.Queue).ToArray()));
            command.Parameters.Add(Sql.Array(NpgsqlDbType.Bigint, ended.Select(e => e.Completed).ToArray()));
            command.Parameters.Add(Sql.Array(NpgsqlDbType.Bigint, ended.Select(e => e.Failed).ToArray()));
            await command.ExecuteNonQueryAsync();
            written = true;
        }
        finally
        {
            foreach ((QueueConsumer consumer, long completed, long failed) in ended)
            {
                if (written) metrics.Ended(consumer.Queue, completed, failed);
                else consumer.Tally.Return(completed, failed);
            }
        }
    }
}
