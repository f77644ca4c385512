namespace Vellarys.Messaging;

/// <summary>What a handler's exception means for its message.</summary>
/// <param name="Reason">
/// Free of personal data: messages of foreign exceptions may quote a body and are left out.
/// </param>
/// <param name="RetryAfter">What the other side asked for; wins over back-off.</param>
/// <param name="IsOutage">The message had no part in it: no attempt is counted.</param>
internal sealed record Failure(
    string Code, string Reason, bool IsPermanent, TimeSpan? RetryAfter, bool IsOutage = false)
{
    public static Failure TimedOut { get; } =
        new("handler_timeout", "The handler ran longer than it may and was cancelled.", false, null);

    public static Failure StillRunning { get; } =
        new("still_running", "An earlier attempt outlived its time limit and has not ended.", false, null);

    public static Failure Undeliverable { get; } =
        new("deliveries_exhausted", "Every process that held the message died or lost its lease.", true, null);

    public static Failure Of(Exception exception) => exception switch
    {
        TransientFault fault => new(fault.Code, fault.Message, false, fault.RetryAfter, fault.IsOutage),
        PermanentFault fault => new(fault.Code, fault.Message, true, null),
        _ => new(exception.GetType().Name, $"Unexpected {exception.GetType().FullName}", false, null),
    };
}
