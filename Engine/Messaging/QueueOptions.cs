namespace Vellarys.Messaging;

/// <summary>
/// How one queue is worked off. Bound from <c>Messaging:Default</c>, then <c>Messaging:Queues:{name}</c>.
/// </summary>
public sealed class QueueOptions
{
    /// <summary>
    /// Handlers that may run at once in this process. Default 64. A handler whose use case forms sets wants several
    /// sets' worth; one that calls a slow provider wants what the provider bears.
    /// </summary>
    public int MaxConcurrency { get; set; } = 64;

    /// <summary>How long a lease lasts; renewed every third of it while the handler runs. Default 30 s.</summary>
    public TimeSpan LockDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Failed attempts after which a message becomes a dead letter. Default 3.</summary>
    public int MaxAttempts { get; set; } = 3;

    /// <summary>
    /// Deliveries that may end without an outcome (the process died) before a message is taken for the cause and
    /// becomes a dead letter. Default 10; more than <see cref="MaxAttempts"/>, because the neighbours of a message
    /// that kills its process die with it.
    /// </summary>
    public int MaxDeliveries { get; set; } = 10;

    /// <summary>
    /// Upper bound of the first retry's delay; doubles with each attempt, with full jitter. Default 1 s.
    /// </summary>
    public TimeSpan BackoffBase { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The upper bound never exceeds this. Default 60 s.</summary>
    public TimeSpan BackoffCap { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A handler that runs longer is cancelled and its attempt counts as failed. Default 5 minutes.</summary>
    public TimeSpan HandlerTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Messages leased ahead of free slots, at most; the consumer takes only what it can start within about 10 ms, so
    /// slow handlers lease nothing ahead. Default 512.
    /// </summary>
    public int MaxPrefetch { get; set; } = 512;

    /// <summary>
    /// How often to look into the table when nothing signals, and how far ahead for scheduled messages. Default 1 s:
    /// the most that a lost signal costs.
    /// </summary>
    public TimeSpan IdlePoll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>On shutdown, how long handlers may take to end before they are cancelled. Default 10 s.</summary>
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(10);

    internal IEnumerable<string> Errors(string queue)
    {
        if (MaxConcurrency is < 1 or > 10_000) yield return $"{queue}: MaxConcurrency must be 1 to 10000";
        if (LockDuration < TimeSpan.FromMilliseconds(300)) yield return $"{queue}: LockDuration must be at least 0.3 s";
        if (MaxAttempts is < 1 or > 1000) yield return $"{queue}: MaxAttempts must be 1 to 1000";
        if (MaxDeliveries < MaxAttempts) yield return $"{queue}: MaxDeliveries must be at least MaxAttempts";
        if (BackoffBase < TimeSpan.Zero || BackoffCap < BackoffBase)
            yield return $"{queue}: back-off is negative or upside down";
        if (HandlerTimeout <= TimeSpan.Zero) yield return $"{queue}: HandlerTimeout must be positive";
        if (MaxPrefetch is < 0 or > 10_000) yield return $"{queue}: MaxPrefetch must be 0 to 10000";
        if (IdlePoll <= TimeSpan.Zero) yield return $"{queue}: IdlePoll must be positive";
        if (ShutdownGrace < TimeSpan.Zero) yield return $"{queue}: ShutdownGrace must not be negative";
    }
}
