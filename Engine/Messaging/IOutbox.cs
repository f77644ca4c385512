using Npgsql;

namespace Vellarys.Messaging;

/// <summary>
/// Sends and settles inside the caller's transaction. The outbox table is <c>queue_messages</c>: in Standalone it is
/// the queue itself, in Azure its rows are relayed right after the commit and by a timer for what was left.
/// </summary>
public interface IOutbox
{
    /// <summary>
    /// Room for up to <paramref name="wanted"/> messages at a consumer in this very process. Messages inserted under a
    /// reservation are born leased to it and handed over in memory after the commit, without a dequeue. A count of
    /// zero is normal: the consumer is busy or elsewhere. Dispose returns what was not used.
    /// </summary>
    Reservation Reserve(string queue, int wanted);

    /// <summary>
    /// Inserts messages of one queue as part of the caller's transaction; the first
    /// <see cref="Reservation.Count"/> that are due at once are born leased.
    /// </summary>
    NpgsqlBatchCommand InsertCommand(IReadOnlyList<QueueMessage> messages, Reservation reservation);

    /// <summary>
    /// Settles received messages as part of the caller's transaction; null where the transport settles them itself
    /// after the commit.
    /// </summary>
    NpgsqlBatchCommand? CompleteCommand(IReadOnlyList<ReceivedMessage> received);

    /// <summary>
    /// To be called after the commit with all that was <paramref name="inserted"/> under
    /// <paramref name="reservation"/>, in the same order: hands the born-leased ones to their consumer, wakes consumers
    /// for the rest, settles <paramref name="settled"/> where the transaction could not.
    /// </summary>
    ValueTask CommittedAsync(
        Reservation reservation, IReadOnlyList<QueueMessage> inserted, IReadOnlyList<ReceivedMessage> settled);
}

/// <summary>Slots at a consumer in this process, and the lease to stamp on rows that will fill them.</summary>
/// <param name="queue">The queue the slots belong to.</param>
/// <param name="count">How many messages may be born leased; may be zero.</param>
/// <param name="owner">Goes to <c>queue_messages.locked_by</c>.</param>
/// <param name="lockFor">How long the lease lasts from the insert; the consumer renews it.</param>
/// <param name="release">Gives slots back.</param>
public sealed class Reservation(string queue, int count, Guid owner, TimeSpan lockFor, Action<int>? release)
    : IDisposable
{
    private int _left = count;

    public string Queue { get; } = queue;

    public int Count { get; } = count;

    public Guid Owner { get; } = owner;

    public TimeSpan LockFor { get; } = lockFor;

    /// <summary>Takes <paramref name="used"/> slots for good; the consumer frees them when the messages end.</summary>
    public void Use(int used) => Interlocked.Add(ref _left, -used);

    public void Dispose()
    {
        int left = Interlocked.Exchange(ref _left, 0);
        if (left > 0) release?.Invoke(left);
    }
}
