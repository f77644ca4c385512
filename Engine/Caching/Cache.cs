using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Vellarys.Caching;

/// <summary>
/// Remembers what is dear to compute and harmless to serve a moment late. The database stays the truth: whoever writes
/// invalidates after the commit, and what an invalidation does not reach ends with its time.
/// </summary>
internal sealed class Cache(ICacheStore store, CacheMetrics metrics)
{
    /// <summary>The last part of an entry's life, in which somebody renews it ahead of time.</summary>
    private const double EarlyShare = 0.1;

    private readonly ConcurrentDictionary<(CacheKey Key, string Generation), Lazy<Task<byte[]>>> _loads = new();

    /// <summary>From 0 to 1.</summary>
    internal Func<double> Chance { get; init; } = Random.Shared.NextDouble;

    /// <summary>Default when there is nothing, or nothing that can be read.</summary>
    public async ValueTask<T?> GetAsync<T>(CacheKey key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        CacheRead read = await store.ReadAsync(key, cancellationToken);
        bool found = TryRead(read, type, out T? value);
        metrics.Read(key.Namespace, found);
        return value;
    }

    public async ValueTask SetAsync<T>(
        CacheKey key, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        CacheRead read = await store.ReadAsync(key, cancellationToken);
        await WriteAsync(key, read.Generation, JsonSerializer.SerializeToUtf8Bytes(value, type), cancellationToken);
    }

    public ValueTask DeleteAsync(CacheKey key, CancellationToken cancellationToken) =>
        store.DeleteAsync(key, cancellationToken);

    /// <summary>To be called once the change is committed.</summary>
    public ValueTask InvalidateAsync(CacheNamespace space, TenantId tenant, CancellationToken cancellationToken) =>
        store.InvalidateAsync(space, tenant, cancellationToken);

    /// <summary>
    /// The value, computed if need be, once for all who ask meanwhile. Shortly before it ends it is computed anew
    /// beside the callers, at a time that chance picks for each process, so that instances do not all miss at once.
    /// </summary>
    /// <param name="load">Runs to its end even when its first caller gives up: others wait for it.</param>
    public async ValueTask<T> RememberAsync<T>(
        CacheKey key, JsonTypeInfo<T> type, Func<CancellationToken, Task<T>> load, CancellationToken cancellationToken)
    {
        CacheRead read = await store.ReadAsync(key, cancellationToken);
        bool found = TryRead(read, type, out T? value);
        metrics.Read(key.Namespace, found);
        if (found && !IsDueEarly(key, read)) return value!;

        (CacheKey, string) place = (key, read.Generation);
        Lazy<Task<byte[]>> first = _loads.GetOrAdd(
            place, _ => new Lazy<Task<byte[]>>(() => LoadAsync(key, read, type, load)));
        if (found)
        {
            _ = first.Value; // Goes on by itself; should it fail, the value is still good for a while.
            return value!;
        }

        byte[] loaded = await first.Value.WaitAsync(cancellationToken);
        return JsonSerializer.Deserialize(loaded, type)!;
    }

    private async Task<byte[]> LoadAsync<T>(
        CacheKey key, CacheRead read, JsonTypeInfo<T> type, Func<CancellationToken, Task<T>> load)
    {
        // So that it never ends before it is listed.
        await Task.Yield();
        try
        {
            // Between a caller's miss and its place here another one's load may have come to its end.
            if (read.Value is null)
            {
                CacheRead now = await store.ReadAsync(key, CancellationToken.None);
                if (now.Generation == read.Generation && TryRead(now, type, out T? _))
                    return now.Value!.Value.ToArray();
            }

            byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(await load(CancellationToken.None), type);
            await WriteAsync(key, read.Generation, bytes, CancellationToken.None);
            return bytes;
        }
        finally
        {
            _loads.TryRemove((key, read.Generation), out _);
        }
    }

    // Lives that end at different times: what was computed together is not missed together.
    private ValueTask WriteAsync(
        CacheKey key, string generation, byte[] bytes, CancellationToken cancellationToken) =>
        store.WriteAsync(
            key, generation, bytes, key.Namespace.Ttl * (1 - Chance() * EarlyShare), cancellationToken);

    private bool IsDueEarly(CacheKey key, CacheRead read)
    {
        TimeSpan last = key.Namespace.Ttl * EarlyShare;
        return read.Left < last && Chance() > read.Left / last;
    }

    private static bool TryRead<T>(CacheRead read, JsonTypeInfo<T> type, out T? value)
    {
        value = default;
        if (read.Value is not { } bytes) return false;
        try
        {
            value = JsonSerializer.Deserialize(bytes.Span, type);
            return value is not null;
        }
        catch (JsonException)
        {
            return false; // Another release's shape.
        }
    }
}
