namespace Vellarys.Messaging;

/// <summary>What becomes of a message whose handler failed: the same on every transport.</summary>
internal static class RetryPolicy
{
    /// <param name="attempt">The attempt that failed; 1 is the first.</param>
    /// <param name="random">0 to 1: where within its range the back-off falls.</param>
    public static RetryDecision Decide(Failure failure, int attempt, QueueOptions options, double random)
    {
        // Not a matter of this message's attempts, so there is no count to grow with. The same for all that an outage
        // hits: jitter would shuffle the messages of a conversation.
        if (failure.IsOutage) return new RetryDecision.Defer(failure.RetryAfter ?? options.BackoffBase);
        if (failure.IsPermanent || attempt >= options.MaxAttempts) return new RetryDecision.GiveUp();
        return new RetryDecision.Again(
            failure.RetryAfter ?? Delay(attempt, options.BackoffBase, options.BackoffCap, random));
    }

    /// <summary>
    /// The longest delay after failed attempt <paramref name="attempt"/>: exponential, so that what stays broken is
    /// asked ever more rarely.
    /// </summary>
    public static TimeSpan Ceiling(int attempt, TimeSpan first, TimeSpan cap)
    {
        double factor = Math.Pow(2, Math.Clamp(attempt - 1, 0, 30));
        return first * factor < cap ? first * factor : cap;
    }

    /// <summary>
    /// Anything between nothing and the ceiling, by <paramref name="random"/> (0 to 1): retries of many messages that
    /// failed together spread out.
    /// </summary>
    public static TimeSpan Delay(int attempt, TimeSpan first, TimeSpan cap, double random) =>
        Ceiling(attempt, first, cap) * random;

    /// <summary>
    /// How long the transport itself waits for its database after failed try <paramref name="attempt"/>: 50 to 100 ms
    /// at first, 5 s at most.
    /// </summary>
    public static TimeSpan Pause(int attempt)
    {
        TimeSpan ceiling = Ceiling(attempt, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));
        return ceiling * (0.5 + Random.Shared.NextDouble() / 2);
    }
}

/// <summary>What is decided about a failed attempt.</summary>
internal abstract record RetryDecision
{
    /// <summary>Handed out again, and the attempt is not counted.</summary>
    internal sealed record Defer(TimeSpan Delay) : RetryDecision;

    /// <summary>Handed out again, one attempt older.</summary>
    internal sealed record Again(TimeSpan Delay) : RetryDecision;

    /// <summary>Becomes a dead letter.</summary>
    internal sealed record GiveUp : RetryDecision;
}
