namespace Vellarys.Messaging;

/// <summary>
/// One message as handed to a handler, under a lock that its transport renews while the handler runs. A handler that
/// returns without settling has completed it; one that throws has abandoned it (<see cref="TransientFault"/>, or any
/// other exception: tried again with back-off until the attempts run out) or dead-lettered it
/// (<see cref="PermanentFault"/>).
/// </summary>
public abstract class ReceivedMessage(QueueMessage message, int attempt, int maxAttempts)
{
    public QueueMessage Message { get; } = message;

    /// <summary>1 on the first try.</summary>
    public int Attempt { get; } = attempt;

    /// <summary>The attempt after which the message becomes a dead letter.</summary>
    public int MaxAttempts { get; } = maxAttempts;

    /// <summary>True once the message needs nothing more from the transport.</summary>
    public bool IsSettled { get; private set; }

    /// <summary>
    /// How long it was put off in all by <see cref="WaitForOthersAsync"/>; zero where the transport does not count it.
    /// </summary>
    public TimeSpan Waited { get; init; }

    /// <summary>
    /// Not yet: hands the message out again after <paramref name="delay"/> without counting an attempt.
    /// </summary>
    public abstract Task DeferAsync(TimeSpan delay, string reason, CancellationToken cancellationToken);

    /// <summary>Not yet, because something else comes first: put off, and counted in <see cref="Waited"/>.</summary>
    public virtual Task WaitForOthersAsync(TimeSpan delay, string reason, CancellationToken cancellationToken) =>
        DeferAsync(delay, reason, cancellationToken);

    /// <summary>Refused for good: kept as a dead letter with its code, reason and history.</summary>
    public abstract Task DeadLetterAsync(string code, string reason, CancellationToken cancellationToken);

    /// <summary>The message was settled, here or inside a committed transaction (<see cref="IOutbox"/>).</summary>
    public void MarkSettled() => IsSettled = true;
}
