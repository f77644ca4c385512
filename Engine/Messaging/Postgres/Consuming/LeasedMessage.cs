namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>A message under this process's lease, from the hand-over until it is settled.</summary>
/// <param name="until">See <see cref="LeasedUntil"/>.</param>
/// <param name="settle">Settles it before its handler returns.</param>
#pragma warning disable CA1001 // The token source has neither a timer nor a wait handle: nothing to dispose of.
internal sealed class LeasedMessage(
    QueueMessage message, int attempt, int maxAttempts, long until, Func<Completion, Task> settle)
    : ReceivedMessage(message, attempt, maxAttempts)
#pragma warning restore CA1001
{
    private CancellationTokenSource? _stop;
    private int _left;

    /// <summary>
    /// When the lease ends, at the earliest, by this process's clock (<see cref="TimeProvider.GetTimestamp"/>).
    /// </summary>
    public long LeasedUntil { get; set; } = until;

    /// <summary>When the handler was called; zero while the message waits for a slot.</summary>
    public long StartedAt { get; private set; }

    /// <summary>The handler ran into the time limit.</summary>
    public bool IsTimedOut { get; set; }

    /// <summary>The handler put it off or refused it; it is not among the completed ones.</summary>
    public bool IsTurnedAway { get; private set; }

    /// <summary>Starts the handler's clock and returns the token that ends it.</summary>
    public CancellationToken Start(long now)
    {
        StartedAt = now;
        _stop = new CancellationTokenSource();
        return _stop.Token;
    }

    // Callbacks of the handler's token run on the pool, not in the loop that cancels.
    public void Cancel() => _ = _stop?.CancelAsync();

    /// <summary>Its handler has ended or was given up.</summary>
    public bool HasLeft => Volatile.Read(ref _left) != 0;

    /// <summary>True for the first caller only: the handler's own end, or whoever gives it up.</summary>
    public bool TryLeave() => Interlocked.Exchange(ref _left, 1) == 0;

    public override Task DeferAsync(TimeSpan delay, string reason, CancellationToken cancellationToken) =>
        TurnAwayAsync(new(this, CompletionKind.Defer) { Delay = delay, Reason = reason });

    public override Task DeadLetterAsync(string code, string reason, CancellationToken cancellationToken) =>
        TurnAwayAsync(new(this, CompletionKind.DeadLetter) { Code = code, Reason = reason });

    private async Task TurnAwayAsync(Completion settlement)
    {
        if (IsSettled) throw new InvalidOperationException("The message is settled already.");
        await settle(settlement);
        IsTurnedAway = true;
        MarkSettled();
    }
}
