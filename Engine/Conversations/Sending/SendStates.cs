namespace Vellarys.Conversations.Sending;

/// <summary>The words of <c>deliveries.state</c>.</summary>
internal static class SendStates
{
    public static string Stored(this SendState state) => state switch
    {
        SendState.Pending => "pending",
        SendState.Sending => "sending",
        SendState.Unknown => "unknown",
        SendState.Sent => "sent",
        SendState.Failed => "failed",
        SendState.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static SendState Read(string stored) => stored switch
    {
        "pending" => SendState.Pending,
        "sending" => SendState.Sending,
        "unknown" => SendState.Unknown,
        "sent" => SendState.Sent,
        "failed" => SendState.Failed,
        "cancelled" => SendState.Cancelled,
        _ => throw new ArgumentException("This is no state of a send.", nameof(stored)),
    };
}
