using Npgsql;
using Vellarys.Channels.Stops;
using Vellarys.Storage;

namespace Vellarys.Conversations.Sending;

/// <summary>
/// Pulls what waits for a channel forward when it may send again, and hands to the queue once more what it lost.
/// </summary>
internal sealed class WakeWaiting(NpgsqlDataSource database, TimeProvider time) : IAfterResume
{
    private const int Most = 1_000;

    private static readonly string Sql = EngineSql.Of<WakeWaiting>("wake-waiting.sql");

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
