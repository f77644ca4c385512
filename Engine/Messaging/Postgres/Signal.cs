namespace Vellarys.Messaging.Postgres;

/// <summary>Wakes one waiting loop. Setting it many times before the loop looks wakes it once.</summary>
// A semaphore whose wait handle nobody asks for holds nothing; senders may outlive the loop.
#pragma warning disable CA1001
internal sealed class Signal
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _set = new(0, 1);
    private int _pending;

    public void Set()
    {
        if (Interlocked.Exchange(ref _pending, 1) == 0) _set.Release();
    }

    /// <summary>Returns when set or after <paramref name="atMost"/>, whichever comes first.</summary>
    public async ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        // The loop looks at its state after this returns, so a Set between the two lines is not missed.
        if (await _set.WaitAsync(atMost, cancellationToken)) Volatile.Write(ref _pending, 0);
    }
}
