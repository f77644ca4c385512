using Microsoft.Extensions.Logging;

namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>Renews the leases of one queue in one statement, and ends handlers that have run for too long.</summary>
internal sealed class LeaseWatch(
    string queue, InFlightMessages held, LeaseStore store, StuckHandlers stuck, QueueOptions options, TimeProvider time,
    ILogger logger)
{
    /// <summary>What a cancelled handler may take to end.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How often to look.</summary>
    public TimeSpan Interval { get; } = options.LockDuration / 3 < options.HandlerTimeout / 4
        ? options.LockDuration / 3
        : options.HandlerTimeout / 4;

    /// <summary>Renews what has used up a third of its lease.</summary>
    public async Task RenewAsync()
    {
        long now = time.GetTimestamp();
        long soon = now + Ticks(options.LockDuration * 2 / 3);
        LeasedMessage[] due = [.. held.All.Where(d => d.LeasedUntil <= soon)];
        if (due.Length == 0) return;
        await store.RenewAsync([.. due.Select(d => d.Message.Id)], options.LockDuration);
        long until = now + Ticks(options.LockDuration);
        foreach (LeasedMessage delivery in due) delivery.LeasedUntil = until;
    }

    /// <summary>Cancels handlers over their time; returns those that do not even heed that.</summary>
    public IReadOnlyList<LeasedMessage> CancelOverdue()
    {
        List<LeasedMessage> given = [];
        foreach (LeasedMessage delivery in held.All)
        {
            if (delivery.StartedAt == 0) continue;
            TimeSpan ran = time.GetElapsedTime(delivery.StartedAt);
            if (ran < options.HandlerTimeout) continue;
            if (!delivery.IsTimedOut)
            {
                delivery.IsTimedOut = true;
                Log.TimedOut(logger, queue, delivery.Message.Id);
                stuck.TimedOut(queue);
                delivery.Cancel();
            }
            else if (ran >= options.HandlerTimeout + Patience && TryGiveUp(delivery))
            {
                Log.Stuck(logger, queue, delivery.Message.Id);
                given.Add(delivery);
            }
        }

        return given;
    }

    // Noted first: a handler that ends just now takes the note away again. One that was given up may still be settling.
    private bool TryGiveUp(LeasedMessage delivery)
    {
        if (delivery.HasLeft) return false;
        stuck.Add(delivery.Message);
        if (delivery.TryLeave()) return true;
        stuck.Remove(delivery.Message);
        return false;
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
