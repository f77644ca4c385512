using Vellarys.Caching;

namespace Vellarys.Tests.Caching;

/// <summary>A store whose first answer is on its way until it is released.</summary>
internal sealed class HeldReads(ICacheStore inner) : ICacheStore
{
    private int _reads;

    public TaskCompletionSource Missed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask<CacheRead> ReadAsync(CacheKey key, CancellationToken cancellationToken)
    {
        CacheRead read = await inner.ReadAsync(key, cancellationToken);
        if (Interlocked.Increment(ref _reads) == 1)
        {
            Missed.SetResult();
            await Release.Task;
        }

        return read;
    }

    public ValueTask WriteAsync(
        CacheKey key, string generation, ReadOnlyMemory<byte> value, TimeSpan ttl,
        CancellationToken cancellationToken) => inner.WriteAsync(key, generation, value, ttl, cancellationToken);

    public ValueTask DeleteAsync(CacheKey key, CancellationToken cancellationToken) =>
        inner.DeleteAsync(key, cancellationToken);

    public ValueTask InvalidateAsync(CacheNamespace space, TenantId tenant, CancellationToken cancellationToken) =>
        inner.InvalidateAsync(space, tenant, cancellationToken);
}
