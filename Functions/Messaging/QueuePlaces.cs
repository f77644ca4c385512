using System.Collections.Concurrent;
using Vellarys.Messaging;

namespace Vellarys.Functions.Messaging;

/// <summary>
/// Keeps each queue's <see cref="QueueOptions.MaxConcurrency"/> in this process: the host has one number for all of its
/// triggers. A message waits under its lock, which the host renews, for a moment only: with what its handler may take
/// that stays within what the host renews at the most (<c>maxAutoLockRenewalDuration</c>).
/// </summary>
public sealed class QueuePlaces(MessagingOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _free = new(StringComparer.Ordinal);

    /// <returns>False when there was none for too long; true has to be followed by <see cref="Leave"/>.</returns>
    public async Task<bool> EnterAsync(string queue, CancellationToken cancellationToken)
    {
        SemaphoreSlim free = Of(queue);
        if (free.Wait(0, CancellationToken.None)) return true;
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await free.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Leave(string queue) => Of(queue).Release();

    public void Dispose()
    {
        foreach (SemaphoreSlim free in _free.Values) free.Dispose();
    }

    private SemaphoreSlim Of(string queue) => _free.GetOrAdd(queue, name => new(options.For(name).MaxConcurrency));
}
