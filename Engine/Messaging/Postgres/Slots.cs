namespace Vellarys.Messaging.Postgres;

/// <summary>
/// The places of a consumer. Messages are started one after another in the order they came, each up to its first
/// await; a set that forms behind the handlers therefore keeps the queue's order.
/// </summary>
internal sealed class Slots(int capacity, Action<LeasedDelivery> start)
{
    private readonly Lock _gate = new();
    private readonly Queue<LeasedDelivery> _ready = new();
    private int _running;
    private int _reserved;
    private Starter? _starter;
    private bool _closed;

    /// <summary>Places for messages that are still being inserted; zero when there is no free one.</summary>
    public int Reserve(int wanted)
    {
        lock (_gate)
        {
            if (_closed) return 0;
            int count = Math.Clamp(capacity - _running - _ready.Count - _reserved, 0, wanted);
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
    public bool Accept(IReadOnlyList<LeasedDelivery> deliveries, int reserved)
    {
        lock (_gate)
        {
            _reserved -= reserved;
            if (_closed) return false;
            foreach (LeasedDelivery delivery in deliveries) _ready.Enqueue(delivery);
            Pump();
            return true;
        }
    }

    /// <summary>A running message has ended. True when the consumer should look for more.</summary>
    /// <param name="isStuck">It has not, and is given up.</param>
    public bool Leave(LeasedDelivery delivery, int prefetch, bool isStuck)
    {
        lock (_gate)
        {
            _running--;
            // Stuck before its first await, it holds the one that starts the others: another takes its place.
            if (isStuck && _starter?.Current == delivery) _starter = null;
            Pump();
            return Room(prefetch) > 0;
        }
    }

    /// <summary>
    /// How many messages to lease now. Zero while enough wait already: leasing in large sets is what makes it cheap.
    /// </summary>
    public int Wanted(int prefetch)
    {
        lock (_gate) return Room(prefetch);
    }

    /// <summary>Starts nothing any more; returns what was not started.</summary>
    public IReadOnlyList<LeasedDelivery> Close()
    {
        lock (_gate)
        {
            _closed = true;
            LeasedDelivery[] left = [.. _ready];
            _ready.Clear();
            return left;
        }
    }

    private LeasedDelivery? Next(Starter starter)
    {
        lock (_gate)
        {
            if (_starter != starter) return null;
            if (_running < capacity && _ready.TryDequeue(out LeasedDelivery? delivery))
            {
                _running++;
                starter.Current = delivery;
                return delivery;
            }

            _starter = null;
            return null;
        }
    }

    private void Pump()
    {
        if (_starter is not null || _running >= capacity || _ready.Count == 0) return;
        _starter = new Starter(this);
        ThreadPool.UnsafeQueueUserWorkItem(_starter, preferLocal: false);
    }

    private int Room(int prefetch)
    {
        int target = capacity + prefetch;
        int room = target - _running - _ready.Count - _reserved;
        return _closed || (_ready.Count > 0 && room < target / 2) ? 0 : Math.Max(0, room);
    }

    private void Start(LeasedDelivery delivery) => start(delivery);

    /// <summary>Starts one message after another until none is ready.</summary>
    private sealed class Starter(Slots slots) : IThreadPoolWorkItem
    {
        /// <summary>The message that was started last.</summary>
        public LeasedDelivery? Current { get; set; }

        public void Execute()
        {
            while (slots.Next(this) is { } delivery) slots.Start(delivery);
        }
    }
}
