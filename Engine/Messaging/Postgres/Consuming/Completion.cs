namespace Vellarys.Messaging.Postgres.Consuming;

internal enum CompletionKind
{
    /// <summary>Done: the row goes.</summary>
    Complete,

    /// <summary>Failed: comes again after the delay, with the attempt in its history.</summary>
    Abandon,

    /// <summary>Not now: comes again after the delay, the attempt is not counted.</summary>
    Defer,

    /// <summary>Failed for good: moves to the dead letters.</summary>
    DeadLetter,
}

/// <summary>How a leased message leaves its consumer.</summary>
internal sealed record Completion(LeasedMessage Delivery, CompletionKind Kind)
{
    public TimeSpan Delay { get; init; }

    public string? Code { get; init; }

    public string? Reason { get; init; }
}
