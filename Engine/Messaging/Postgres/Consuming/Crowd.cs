namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>A place in a queue's order.</summary>
internal readonly record struct QueuePlace(DateTime DueAt, Guid Id) : IComparable<QueuePlace>
{
    public int CompareTo(QueuePlace other)
    {
        int byDue = DueAt.CompareTo(other.DueAt);
        return byDue != 0 ? byDue : string.CompareOrdinal(Id.ToString(), other.Id.ToString());
    }
}

/// <summary>
/// What a consumer knows of a queue whose front is filled by one tenant: where the others wait behind it. A hint only:
/// the front is worked off in order all the while, and what is known here is forgotten every few seconds, so that rows
/// which appeared further ahead meanwhile are found too.
/// </summary>
internal sealed class Crowd(TimeProvider time)
{
    private static readonly TimeSpan TrustFor = TimeSpan.FromSeconds(5);

    // A row becomes visible when its transaction ends, which may be a moment after its due time.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Guid, QueuePlace> _left = [];
    private QueuePlace _far;
    private long _since;
    private bool _farFirst;

    /// <summary>Whose messages fill the front; null while the queue's own order is fair.</summary>
    public TenantId? Tenant { get; private set; }

    /// <summary>The priority in which that is so.</summary>
    public short Priority { get; private set; }

    /// <summary>This tenant fills the front.</summary>
    /// <param name="front">Where the front begins.</param>
    public void Begin(TenantId tenant, short priority, DateTime front)
    {
        bool isNew = Tenant is null || Priority != priority || time.GetElapsedTime(_since) >= TrustFor;
        (Tenant, Priority) = (tenant, priority);
        if (!isNew) return;
        _left.Clear();
        (_far, _since) = (new QueuePlace(front, Guid.Empty), time.GetTimestamp());
    }

    public void End() => Tenant = null;

    /// <summary>
    /// Where to look now: as far as nobody has looked, and where those wait who hold less than they might. In turn,
    /// so that neither keeps the places from the other.
    /// </summary>
    public IEnumerable<QueuePlace> Starts(IReadOnlyDictionary<Guid, int> held, int most)
    {
        List<QueuePlace> starts = [_far];
        List<QueuePlace> near =
            [.. _left.Where(l => l.Key != Tenant?.Value && held.GetValueOrDefault(l.Key) < most).Select(l => l.Value)];
        if (near.Count > 0) starts.Insert(_farFirst ? 1 : 0, near.Min());
        _farFirst = !_farFirst;
        return starts;
    }

    /// <summary>
    /// What each tenant holds, for a look from <paramref name="start"/>. Whoever has rows left before it counts as
    /// full: those come first.
    /// </summary>
    public IReadOnlyDictionary<Guid, int> SharesFrom(
        QueuePlace start, IReadOnlyDictionary<Guid, int> held, int most)
    {
        Dictionary<Guid, int> shares = new(held);
        foreach ((Guid tenant, QueuePlace place) in _left)
        {
            if (place.CompareTo(start) < 0) shares[tenant] = Math.Max(most, shares.GetValueOrDefault(tenant));
        }

        return shares;
    }

    /// <summary>What a look brought.</summary>
    public void Looked(QueuePlace start, LeasedOthers found, DateTime now)
    {
        foreach ((Guid tenant, QueuePlace place) in _left)
        {
            // What stood within the window and was not left is not there any more.
            if (place.CompareTo(start) >= 0 && (found.End is not { } end || place.CompareTo(end) <= 0))
                _left.Remove(tenant);
        }

        foreach ((Guid tenant, QueuePlace place) in found.Left)
        {
            if (!_left.TryGetValue(tenant, out QueuePlace known) || place.CompareTo(known) < 0) _left[tenant] = place;
        }

        if (found.End is { } reached && reached.CompareTo(_far) > 0) _far = reached;
        if (_far.DueAt > now - Margin) _far = new QueuePlace(now - Margin, Guid.Empty);
    }
}
