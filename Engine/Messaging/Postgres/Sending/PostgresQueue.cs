using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Messaging.Postgres.Sending;

/// <summary>
/// The queue as a table. Calls that arrive while others commit share the next commit. What a consumer of this very
/// process has room for is inserted under its lease and handed over in memory: no dequeue, and no waiting for one.
/// </summary>
internal sealed class PostgresQueue : IMessageQueue
{
    private const int MaxCalls = 256;
    private const int LargeCall = 64;
    private readonly Batcher<IReadOnlyList<QueueMessage>, bool> _calls;
    private readonly NpgsqlDataSource _source;
    private readonly LocalConsumers _local;
    private readonly PostCommitDispatcher _announcer;

    public PostgresQueue(NpgsqlDataSource source, LocalConsumers local, PostCommitDispatcher announcer)
    {
        (_source, _local, _announcer) = (source, local, announcer);
        _calls = new(MaxCalls, 2, FlushAsync, TransientErrors.MayPass);
    }

    public async Task SendAsync(IReadOnlyList<QueueMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0) return;
        // Here, because the flush runs in nobody's trace.
        IReadOnlyList<QueueMessage> stamped = QueueRows.Stamped(messages);
        try
        {
            // A large call fills a statement by itself.
            if (stamped.Count >= LargeCall) await InsertAsync(stamped);
            else await _calls.AddAsync(stamped).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (TransientErrors.MayPass(e))
        {
            throw new TransientFault("queue_unavailable", "The queue's database is out of reach.", e);
        }
        catch (PostgresException e)
        {
            throw new PermanentFault("message_refused", $"The queue's database refused the message ({e.SqlState}).", e);
        }
    }

    private async Task<IReadOnlyList<bool>> FlushAsync(IReadOnlyList<IReadOnlyList<QueueMessage>> calls)
    {
        await InsertAsync(calls.Count == 1 ? calls[0] : [.. calls.SelectMany(c => c)]);
        return new bool[calls.Count];
    }

    private async Task InsertAsync(IReadOnlyList<QueueMessage> messages)
    {
        Reservation[] reservations =
            [.. messages.CountBy(m => m.Queue).Select(queue => _local.Reserve(queue.Key, queue.Value))];
        try
        {
            TimeSpan?[]? locks = PostCommitDispatcher.Locks(messages, reservations);
            HashSet<Guid>? inserted = await InsertAsync(messages, locks);
            foreach (Reservation reservation in reservations) _announcer.Run(reservation, messages, locks, inserted);
        }
        finally
        {
            foreach (Reservation reservation in reservations) reservation.Dispose();
        }
    }

    // A message that was there before is not handed over a second time, so it matters which ones are new.
    private async Task<HashSet<Guid>?> InsertAsync(IReadOnlyList<QueueMessage> messages, TimeSpan?[]? locks)
    {
        await using NpgsqlBatch batch = _source.CreateBatch();
        batch.BatchCommands.Add(WorkerScope.Command());
        batch.BatchCommands.Add(QueueRows.Command(messages, locks, _local.Id, returning: locks is not null));
        if (locks is null)
        {
            await batch.ExecuteNonQueryAsync();
            return null;
        }

        var inserted = new HashSet<Guid>(messages.Count);
        await using NpgsqlDataReader reader = await batch.ReadRowsAsync(CancellationToken.None);
        while (await reader.ReadAsync()) inserted.Add(reader.GetGuid(0));
        return inserted;
    }
}
