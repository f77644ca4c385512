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
