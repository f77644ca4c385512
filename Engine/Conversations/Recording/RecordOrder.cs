using Npgsql;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Conversations.Recording;

/// <summary>
/// What a customer writes is recorded in the order in which it was accepted. Within one process that is how its queue
/// works; but an earlier message may be held by another process, alive or dead, or wait after a fault. Nobody asks
/// beforehand: the transaction of a set ends by itself where one of its messages would overtake.
/// </summary>
internal static class RecordOrder
{
    /// <summary>The SQLSTATE of <c>assert_in_order</c>.</summary>
    public const string Overtakes = "VO001";

    private static readonly TimeSpan LeastWait = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    public static NpgsqlBatchCommand Check(IReadOnlyList<RecordItem> items) =>
        new NpgsqlBatchCommand("select assert_in_order($1)").With(Ids(items));

    /// <summary>Which of the set would overtake; none where what came first is through by now.</summary>
    public static async Task<IReadOnlyList<RecordItem>> OvertakingAsync(
        NpgsqlDataSource database, IReadOnlyList<RecordItem> items)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(items.Select(i => new TenantId(i.Event.Tenant))));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select overtaking($1)").With(Ids(items)));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        var early = new HashSet<Guid>();
        while (await reader.ReadAsync()) early.Add(reader.GetGuid(0));
        return [.. items.Where(i => early.Contains(i.Received.Message.Id))];
    }

    /// <summary>Half as long again as it has waited so far: mostly what comes first is through in a moment.</summary>
    public static TimeSpan Wait(ReceivedMessage received, TimeProvider time)
    {
        TimeSpan wait = (time.GetUtcNow() - Vellarys.Ids.TimeOf(received.Message.Id)) / 2;
        return wait < LeastWait ? LeastWait : wait > LongestWait ? LongestWait : wait;
    }

    private static Guid[] Ids(IReadOnlyList<RecordItem> items) => [.. items.Select(i => i.Received.Message.Id)];
}
