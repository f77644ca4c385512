using System.Globalization;

namespace Vellarys.Caching;

/// <summary>
/// The values of one process, at most so many bytes of them: the one that was asked for longest ago leaves first.
/// </summary>
internal sealed class MemoryCacheStore(
    TimeProvider time, long maxBytes = MemoryCacheStore.DefaultMaxBytes) : ICacheStore
{
    public const long DefaultMaxBytes = 32 << 20;

    // What an entry takes beside its value, roughly.
    private const int Overhead = 256;
    private const int FirstSweep = 1_024;

    private readonly Lock _gate = new();
    private readonly Dictionary<CacheKey, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();
    private readonly Dictionary<(CacheNamespace, TenantId), Generation> _generations = [];
    private long _bytes;
    private long _lastGeneration;
    private int _sweepAt = FirstSweep;

    /// <summary>What the entries take, roughly.</summary>
    internal long Bytes
    {
        get
        {
            lock (_gate) return _bytes;
        }
    }

    public ValueTask<CacheRead> ReadAsync(CacheKey key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            string generation = Current(key.Namespace, key.Tenant);
            if (!_entries.TryGetValue(key, out LinkedListNode<Entry>? node))
                return ValueTask.FromResult(CacheRead.Miss(generation));
            if (node.Value.EndsAt <= now || node.Value.Generation != generation)
            {
                Remove(node);
                return ValueTask.FromResult(CacheRead.Miss(generation));
            }

            _byUse.Remove(node);
            _byUse.AddLast(node);
            return ValueTask.FromResult(new CacheRead(generation, node.Value.Value, node.Value.EndsAt - now));
        }
    }

    public ValueTask WriteAsync(
        CacheKey key, string generation, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Computed from what was there before the invalidation.
            if (generation != Current(key.Namespace, key.Tenant)) return ValueTask.CompletedTask;
            if (_entries.TryGetValue(key, out LinkedListNode<Entry>? old)) Remove(old);
            var entry = new Entry(key, generation, value, time.GetUtcNow() + ttl);
            _entries[key] = _byUse.AddLast(entry);
            _bytes += entry.Size;
            while (_bytes > maxBytes && _byUse.First is { } first) Remove(first);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask DeleteAsync(CacheKey key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<Entry>? node)) Remove(node);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask InvalidateAsync(CacheNamespace space, TenantId tenant, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            string name = (++_lastGeneration).ToString(CultureInfo.InvariantCulture);
            _generations[(space, tenant)] = new(name, time.GetUtcNow() + 2 * space.Ttl);
            SweepSometimes();
        }

        return ValueTask.CompletedTask;
    }

    private string Current(CacheNamespace space, TenantId tenant) =>
        _generations.TryGetValue((space, tenant), out Generation? generation) ? generation.Name : "0";

    // A generation may be forgotten once everything that was written before it has ended.
    private void SweepSometimes()
    {
        if (_generations.Count < _sweepAt) return;
        DateTimeOffset now = time.GetUtcNow();
        foreach (((CacheNamespace, TenantId) key, Generation generation) in _generations)
        {
            if (generation.EndsAt <= now) _generations.Remove(key);
        }

        _sweepAt = Math.Max(FirstSweep, 2 * _generations.Count);
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _entries.Remove(node.Value.Key);
        _byUse.Remove(node);
        _bytes -= node.Value.Size;
    }

    private sealed record Entry(CacheKey Key, string Generation, ReadOnlyMemory<byte> Value, DateTimeOffset EndsAt)
    {
        public int Size => Overhead + 2 * Key.Name.Length + Value.Length;
    }

    private sealed record Generation(string Name, DateTimeOffset EndsAt);
}
