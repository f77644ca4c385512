namespace Vellarys;

/// <summary>
/// The outside world failed in a way that time may mend (a timeout, a 429, a lost connection).
/// The message goes back to its queue and is tried again.
/// </summary>
public sealed class TransientFault(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A stable code, fit for metrics and dead letters. Never carries personal data.</summary>
    public string Code { get; } = code;

    /// <summary>How long the other side asked to wait; null leaves the delay to the queue's back-off.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// The message had no part in it (the database is away): it comes back without an attempt being counted, however
    /// long the outage lasts.
    /// </summary>
    public bool IsOutage { get; init; }
}

/// <summary>The outside world failed in a way that no retry mends. The message goes to the dead letters.</summary>
public sealed class PermanentFault(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A stable code, fit for metrics and dead letters. Never carries personal data.</summary>
    public string Code { get; } = code;
}
