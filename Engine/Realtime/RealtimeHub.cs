using System.Threading.Channels;

namespace Vellarys.Realtime;

/// <summary>
/// Hands events to the watchers of this process. A watcher that does not keep up is let go rather than buffered for:
/// it comes back and reads the present state.
/// </summary>
/// <param name="capacity">How many events may wait for one watcher.</param>
internal sealed class RealtimeHub(int capacity = RealtimeHub.DefaultCapacity) : ILocalRealtime
{
    public const int DefaultCapacity = 512;

    private readonly Lock _gate = new();
    private Subscription[] _all = [];

    /// <summary>How many watch now.</summary>
    public int Count => Volatile.Read(ref _all).Length;

    public void Publish(RealtimeEvent happened)
    {
        Subscription[] all = Volatile.Read(ref _all);
        if (all.Length == 0) return;
        foreach (Subscription subscription in all)
        {
            if (subscription.Tenant == happened.Tenant && !subscription.Offer(happened)) Remove(subscription);
        }
    }

    /// <summary>How many of this tenant watch now.</summary>
    public int CountOf(TenantId tenant) => Volatile.Read(ref _all).Count(s => s.Tenant == tenant);

    /// <summary>Null when <paramref name="limit"/> watchers are there already, or that many of the tenant.</summary>
    public Subscription? Subscribe(TenantId tenant, int limit, int limitOfTenant = int.MaxValue)
    {
        lock (_gate)
        {
            if (_all.Length >= limit || CountOf(tenant) >= limitOfTenant) return null;
            var subscription = new Subscription(this, tenant, capacity);
            Volatile.Write(ref _all, [.. _all, subscription]);
            return subscription;
        }
    }

    /// <summary>Lets everybody go, as if this process had restarted; they come back.</summary>
    public void DropAll()
    {
        foreach (Subscription subscription in Volatile.Read(ref _all)) subscription.Dispose();
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate) Volatile.Write(ref _all, Array.FindAll(_all, s => s != subscription));
    }

    /// <summary>One watcher's place. Its reader ends when it fell behind.</summary>
    internal sealed class Subscription(RealtimeHub hub, TenantId tenant, int capacity) : IDisposable
    {
        private readonly Channel<RealtimeEvent> _waiting = Channel.CreateBounded<RealtimeEvent>(
            new BoundedChannelOptions(capacity) { SingleReader = true });

        public TenantId Tenant { get; } = tenant;

        public ChannelReader<RealtimeEvent> Reader => _waiting.Reader;

        public bool Offer(RealtimeEvent happened)
        {
            if (_waiting.Writer.TryWrite(happened)) return true;
            _waiting.Writer.TryComplete();
            return false;
        }

        public void Dispose()
        {
            hub.Remove(this);
            _waiting.Writer.TryComplete();
        }
    }
}
