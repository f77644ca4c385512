namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>
/// What a consumer has leased and not started: a lane for each tenant, in the order of the queue, and the lanes taken
/// in turn. A tenant runs at most so many at once, which leaves places to the others even while its own handlers hang.
/// Messages of the platform belong to nobody and are not limited. Used under the lock of
/// <see cref="ConcurrencyLimiter"/>.
/// </summary>
internal sealed class TenantLanes(int mostOfOne)
{
    private readonly Dictionary<Guid, Lane> _lanes = [];

    // Those that have something to start, and may.
    private readonly Queue<Lane> _turns = new();
    private Lane? _spare;

    /// <summary>Messages that wait for nothing but a free place.</summary>
    public int Startable => _turns.Sum(lane => lane.Ready.Count);

    /// <summary>Who has most, and how much, waiting and running.</summary>
    public (TenantId? Tenant, int Count) Largest
    {
        get
        {
            (TenantId? Tenant, int Count) largest = (null, 0);
            foreach (Lane lane in _lanes.Values)
            {
                if (lane.Tenant != Guid.Empty && lane.Count > largest.Count)
                    largest = (new TenantId(lane.Tenant), lane.Count);
            }

            return largest;
        }
    }

    public void Add(LeasedMessage delivery)
    {
        Lane lane = Find(Key(delivery));
        lane.Ready.Enqueue(delivery);
        TakeTurn(lane);
    }

    /// <summary>The next one in turn counts as running from now on; null when none may start.</summary>
    public LeasedMessage? Start()
    {
        if (!_turns.TryDequeue(out Lane? lane)) return null;
        lane.InTurn = false;
        lane.Running++;
        LeasedMessage next = lane.Ready.Dequeue();
        TakeTurn(lane);
        return next;
    }

    /// <summary>One that was started has ended.</summary>
    public void End(LeasedMessage delivery)
    {
        Lane lane = _lanes[Key(delivery)];
        lane.Running--;
        if (lane.Count > 0)
        {
            TakeTurn(lane);
            return;
        }

        _lanes.Remove(lane.Tenant);
        _spare = lane;
    }

    /// <summary>Takes out all that was not started.</summary>
    public IReadOnlyList<LeasedMessage> Clear()
    {
        LeasedMessage[] left = [.. _lanes.Values.SelectMany(lane => lane.Ready)];
        foreach (Lane lane in _turns) lane.InTurn = false;
        foreach (Lane lane in _lanes.Values) lane.Ready.Clear();
        _turns.Clear();
        return left;
    }

    private static Guid Key(LeasedMessage delivery) => delivery.Message.Tenant?.Value ?? Guid.Empty;

    private void TakeTurn(Lane lane)
    {
        if (lane.InTurn || lane.Ready.Count == 0) return;
        if (lane.Running >= mostOfOne && lane.Tenant != Guid.Empty) return;
        lane.InTurn = true;
        _turns.Enqueue(lane);
    }

    private Lane Find(Guid tenant)
    {
        if (_lanes.TryGetValue(tenant, out Lane? lane)) return lane;
        lane = _spare ?? new Lane();
        _spare = null;
        lane.Tenant = tenant;
        return _lanes[tenant] = lane;
    }

    private sealed class Lane
    {
        public Guid Tenant { get; set; }

        public Queue<LeasedMessage> Ready { get; } = new();

        public int Running { get; set; }

        public bool InTurn { get; set; }

        public int Count => Ready.Count + Running;
    }
}
