using Vellarys.Messaging.Postgres.Consuming;

namespace Vellarys.Messaging.Postgres.Sending;

/// <summary>
/// What follows the commit of new rows: born-leased ones go to their consumer, for the others it is woken.
/// </summary>
internal sealed class PostCommitDispatcher(
    LocalConsumers local, PeerNotifier peers, MessagingOptions options, TimeProvider time)
{
    /// <param name="reservation">Under which <paramref name="messages"/> of its queue were inserted.</param>
    /// <param name="locks">Which of them are born leased; null for none.</param>
    /// <param name="inserted">The ids that were new; null for all.</param>
    public void Run(
        Reservation reservation, IReadOnlyList<QueueMessage> messages, TimeSpan?[]? locks, HashSet<Guid>? inserted)
    {
        var leased = new List<QueueMessage>(reservation.Count);
        bool wake = false;
        // What is due later than the next look is found by that look.
        DateTimeOffset soon = time.GetUtcNow() + options.For(reservation.Queue).IdlePoll;
        for (int i = 0; i < messages.Count; i++)
        {
            QueueMessage message = messages[i];
            if (message.Queue != reservation.Queue) continue;
            if (locks?[i] is null) wake |= message.NotBefore is not { } at || at <= soon;
            else if (inserted?.Contains(message.Id) is null or true) leased.Add(message);
        }

        QueueConsumer? consumer = local.Find(reservation.Queue);
        if (leased.Count > 0)
        {
            reservation.Use(leased.Count);
            consumer?.HandOver(leased);
        }

        if (!wake) return;
        consumer?.Wake();
        peers.Tell(reservation.Queue);
    }

    /// <summary>
    /// For each message how long its lease lasts, or null; the first that are due at once are leased.
    /// </summary>
    public static TimeSpan?[]? Locks(IReadOnlyList<QueueMessage> messages, IReadOnlyList<Reservation> reservations)
    {
        TimeSpan?[]? locks = null;
        foreach (Reservation reservation in reservations)
        {
            int left = reservation.Count;
            for (int i = 0; i < messages.Count && left > 0; i++)
            {
                if (messages[i].NotBefore is not null || messages[i].Queue != reservation.Queue) continue;
                locks ??= new TimeSpan?[messages.Count];
                locks[i] = reservation.LockFor;
                left--;
            }
        }

        return locks;
    }
}
