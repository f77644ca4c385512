namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>
/// The places of a consumer. Messages of a tenant are started one after another in the order they came, each up to its
/// first await, and the tenants in turn; a set that forms behind the handlers therefore keeps the queue's order within
/// each tenant.
/// </summary>
internal sealed class ConcurrencyLimiter
{
    // Fewer places than this are not shared out.
    private const int LeastToShare = 8;

    private readonly Lock _gate = new();
    private readonly TenantLanes _lanes;
    private readonly Action<LeasedMessage> _start;
    private readonly int _capacity;
    private int _ready;
    private int _running;
    private int _reserved;
    private Starter? _starter;
    private bool _closed;

    public ConcurrencyLimiter(int capacity, Action<LeasedMessage> start)
    {
        (_capacity, _start) = (capacity, start);
        _lanes = new TenantLanes(OfOne(capacity));
    }

    /// <summary>Who has most of what this process holds; null for nobody.</summary>
    public TenantId? Largest
    {
        get
        {
            lock (_gate) return _lanes.Largest.Tenant;
        }
    }

    /// <summary>Places for messages that are still being inserted; zero when there is no free one.</summary>
    public int Reserve(int wanted)
    {
        lock (_gate)
        {
            if (_closed) return 0;
            // Whose they will be is not known yet, so they count as those of whoever has most.
            int free = Math.Min(_capacity - _running - _ready, OfOne(_capacity) - _lanes.Largest.Count) - _reserved;
            int count = Math.Clamp(free, 0, wanted);
            _reserved += count;
            return count;
        }
    }

    /// <summary>Gives back what <see cref="Reserve"/> gave.</summary>
    public void Release(int count)
    {
        lock (_gate) _reserved -= count;
    }

    /// <summary>Takes messages in their order; false once closed, and then none was taken.</summary>
    public bool Accept(IReadOnlyList<LeasedMessage> deliveries, int reserved)
    {
        lock (_gate)
        {
            _reserved -= reserved;
            if (_closed) return false;
            foreach (LeasedMessage delivery in deliveries) _lanes.Add(delivery);
            _ready += deliveries.Count;
            Pump();
            return true;
        }
    }

    /// <summary>A running message has ended.</summary>
    /// <param name="isStuck">It has not, and is given up.</param>
    public void Leave(LeasedMessage delivery, bool isStuck)
    {
        lock (_gate)
        {
            _running--;
            _lanes.End(delivery);
            // Stuck before its first await, it holds the one that starts the others: another takes its place.
            if (isStuck && _starter?.Current == delivery) _starter = null;
            Pump();
        }
    }

    /// <summary>
    /// How many messages to lease now. Zero while enough wait already: leasing in large sets is what makes it cheap.
    /// </summary>
    public int Wanted(int prefetch)
    {
        lock (_gate) return Room(prefetch);
    }

    /// <summary>How many of these may be one tenant's: an eighth stays free for the others.</summary>
    public int WantedOfOne(int prefetch)
    {
        lock (_gate) return Math.Clamp(OfOne(_capacity + prefetch) - _lanes.Largest.Count, 0, Room(prefetch));
    }

    /// <summary>Starts nothing any more; returns what was not started.</summary>
    public IReadOnlyList<LeasedMessage> Close()
    {
        lock (_gate)
        {
            _closed = true;
            _ready = 0;
            return _lanes.Clear();
        }
    }

    private static int OfOne(int places) => places < LeastToShare ? places : places - (places / 8);

    private LeasedMessage? Next(Starter starter)
    {
        lock (_gate)
        {
            if (_starter != starter) return null;
            if (_running < _capacity && _lanes.Start() is { } delivery)
            {
                _running++;
                _ready--;
                starter.Current = delivery;
                return delivery;
            }

            _starter = null;
            return null;
        }
    }

    private void Pump()
    {
        if (_starter is not null || _running >= _capacity || _ready == 0) return;
        _starter = new Starter(this);
        ThreadPool.UnsafeQueueUserWorkItem(_starter, preferLocal: false);
    }

    // What may not start, because its tenant has its share of places, takes no room from the others.
    private int Room(int prefetch)
    {
        if (_closed) return 0;
        int target = _capacity + prefetch, startable = _lanes.Startable;
        int room = target - _running - startable - _reserved;
        return startable > 0 && room < target / 2 ? 0 : Math.Max(0, room);
    }

    private void Start(LeasedMessage delivery) => _start(delivery);

    /// <summary>Starts one message after another until none is ready.</summary>
    private sealed class Starter(ConcurrencyLimiter slots) : IThreadPoolWorkItem
    {
        /// <summary>The message that was started last.</summary>
        public LeasedMessage? Current { get; set; }

        public void Execute()
        {
            while (slots.Next(this) is { } delivery) slots.Start(delivery);
        }
    }
}
