namespace Vellarys.Messaging.Broker;

/// <summary>
/// A received message in a handler's hands. What the handler wants of it is done when the handler ends.
/// </summary>
internal sealed class BrokerReceivedMessage(QueueMessage message, int attempt, int maxAttempts)
    : ReceivedMessage(message, attempt, maxAttempts)
{
    /// <summary>How long to put it off; null unless the handler asked for that.</summary>
    public TimeSpan? Deferred { get; private set; }

    /// <summary>That was for something that comes first.</summary>
    public bool IsForOthers { get; private set; }

    /// <summary>Null unless the handler refused it.</summary>
    public (string Code, string Reason)? Refused { get; private set; }

    public override Task DeferAsync(TimeSpan delay, string reason, CancellationToken cancellationToken)
    {
        TurnAway();
        Deferred = delay;
        return Task.CompletedTask;
    }

    public override Task WaitForOthersAsync(TimeSpan delay, string reason, CancellationToken cancellationToken)
    {
        IsForOthers = true;
        return DeferAsync(delay, reason, cancellationToken);
    }

    public override Task DeadLetterAsync(string code, string reason, CancellationToken cancellationToken)
    {
        TurnAway();
        Refused = (code, reason);
        return Task.CompletedTask;
    }

    private void TurnAway()
    {
        if (IsSettled) throw new InvalidOperationException("The message is settled already.");
        MarkSettled();
    }
}
