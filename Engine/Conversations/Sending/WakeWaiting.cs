using Npgsql;
using Vellarys.Channels.Stops;
using Vellarys.Storage;

namespace Vellarys.Conversations.Sending;

/// <summary>
/// Hands what waits for a channel to the queue once more when it may send again. What the queue holds already comes
/// later and finds nothing to do; what this leaves out comes with it.
/// </summary>
internal sealed class WakeWaiting(NpgsqlDataSource database, TimeProvider time) : IAfterResume
{
    private const int Most = 1_000;

    private const string Sql =
        """
        with waiting as materialized (
            select d.message_id, row_number() over (order by d.created_at, d.message_id) as n
            from deliveries d
            where d.tenant_id = $1 and d.channel_id = $2 and d.state = 'pending'
            order by d.created_at, d.message_id
            limit cardinality($3::uuid[])
        )
        select enqueue(($3::uuid[])[w.n], 'message-delivery', $1, w.message_id::text, delivery_due($1, w.message_id))
        from waiting w
        """;

    public async Task RunAsync(TenantId tenant, ChannelId channel)
    {
        Guid[] ids = [.. Enumerable.Range(0, Most).Select(_ => Ids.New(time))];
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(tenant.Value).With(channel.Value).With(ids));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_notify('vellarys_queue', 'message-delivery')"));
        await batch.ExecuteNonQueryAsync();
    }
}
