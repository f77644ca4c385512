namespace Vellarys.Caching;

/// <summary>
/// Where <see cref="Cache"/> keeps its values. Every entry ends by itself; losing all of them at any moment is fine.
/// An entry belongs to the generation of its namespace and tenant, and is not found in a later one: what was computed
/// from rows older than an invalidation cannot come back, however late it is written.
/// </summary>
public interface ICacheStore
{
    /// <summary>Never fails: what cannot be read is a miss.</summary>
    ValueTask<CacheRead> ReadAsync(CacheKey key, CancellationToken cancellationToken);

    /// <param name="generation">That of the read that missed.</param>
    ValueTask WriteAsync(
        CacheKey key, string generation, ReadOnlyMemory<byte> value, TimeSpan ttl, CancellationToken cancellationToken);

    ValueTask DeleteAsync(CacheKey key, CancellationToken cancellationToken);

    /// <summary>Begins a new generation: nothing of the tenant in this namespace is found any more.</summary>
    ValueTask InvalidateAsync(CacheNamespace space, TenantId tenant, CancellationToken cancellationToken);
}

/// <summary>What was found.</summary>
/// <param name="Generation">As it stood when it was read.</param>
/// <param name="Value">Null on a miss.</param>
/// <param name="Left">How long the value will still be there.</param>
public readonly record struct CacheRead(string Generation, ReadOnlyMemory<byte>? Value, TimeSpan Left)
{
    public static CacheRead Miss(string generation) => new(generation, null, TimeSpan.Zero);
}
