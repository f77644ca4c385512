namespace Vellarys.Conversations.Sending;

/// <summary>Where a message of ours stands with its provider.</summary>
internal enum SendState
{
    /// <summary>Surely not sent yet.</summary>
    Pending,

    /// <summary>Claimed; the send is on its way.</summary>
    Sending,

    /// <summary>It may have gone out: a status or the end of the wait decides.</summary>
    Unknown,

    /// <summary>The provider took it.</summary>
    Sent,

    /// <summary>It will not be sent.</summary>
    Failed,

    /// <summary>It was not wanted any more.</summary>
    Cancelled,
}

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
