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
