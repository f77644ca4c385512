using System.Collections.Concurrent;

namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>
/// Every message of a queue that this process has under lease, whether it waits, runs or is being settled.
/// </summary>
internal sealed class InFlightMessages
{
    private readonly ConcurrentDictionary<Guid, LeasedMessage> _byId = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public IEnumerable<LeasedMessage> All => _byId.Select(h => h.Value);

    /// <summary>
    /// False when the message is here already: its lease ran out and it came again while its handler still runs, whose
    /// outcome will do for both.
    /// </summary>
    public bool TryAdd(LeasedMessage delivery)
    {
        if (!_byId.TryAdd(delivery.Message.Id, delivery)) return false;
        Interlocked.Increment(ref _count);
        return true;
    }

    public void Remove(LeasedMessage delivery)
    {
        if (_byId.TryRemove(new(delivery.Message.Id, delivery))) Interlocked.Decrement(ref _count);
    }

    /// <summary>How much each tenant has here; the platform's own under the empty id.</summary>
    public Dictionary<Guid, int> ByTenant()
    {
        Dictionary<Guid, int> shares = [];
        foreach (LeasedMessage delivery in All)
        {
            Guid tenant = delivery.Message.Tenant?.Value ?? Guid.Empty;
            shares[tenant] = shares.GetValueOrDefault(tenant) + 1;
        }

        return shares;
    }

    /// <summary>True when nothing is held any more, false when that took too long.</summary>
    public async Task<bool> EmptyAsync(TimeSpan within, TimeProvider time)
    {
        long start = time.GetTimestamp();
        while (Count > 0)
        {
            if (time.GetElapsedTime(start) >= within) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(5), time);
        }

        return true;
    }
}
