using Vellarys.Channels;
using Vellarys.Messaging;

namespace Vellarys.Conversations.Sending;

/// <summary>What asking for a claim led to.</summary>
internal abstract record ClaimResult
{
    private ClaimResult()
    {
    }

    /// <summary>Ours to send, now.</summary>
    /// <param name="AskedAt">Before it was asked for (<see cref="TimeProvider.GetTimestamp"/>).</param>
    /// <param name="Template">Null for a text, and for a template that cannot be read.</param>
    /// <param name="Sends">With this one, those that may have gone out.</param>
    /// <param name="PastReason">Why it came back last; null the first time.</param>
    /// <param name="At">By the database's clock.</param>
    public sealed record Claimed(
        Guid ClaimId, long AskedAt, Guid Conversation, Guid Channel, string To, string Text, bool InWindow, bool IsOld,
        string Kind, TemplateMessage? Template, int Sends, string? PastReason, DateTime At)
        : ClaimResult
    {
        /// <summary>What it is beside text; null for text and templates.</summary>
        public OutboundContent? Content { get; init; }

        /// <summary>The provider's id of the message that it quotes.</summary>
        public string? Quotes { get; init; }

        /// <summary>An earlier send may have gone out.</summary>
        public bool IsResend => Sends > 1;

        /// <summary>Approved by the provider, so it may be sent whenever we like.</summary>
        public bool IsTemplate => Kind == TemplateMessage.MessageKind;
    }

    /// <summary>Something has to come first, or an earlier send is in doubt.</summary>
    public sealed record Waiting : ClaimResult;

    /// <summary>It failed, and staff has not heard of it.</summary>
    public sealed record Untold : ClaimResult;

    /// <summary>Sent, failed, cancelled, or never there: nothing is left to do.</summary>
    public sealed record Done : ClaimResult;
}

/// <summary>What a send led to, on its way into the books.</summary>
/// <param name="Settled">The queue message that ends with it; null while it must come back.</param>
internal sealed record SendReport(
    DeliveryDue Due, Guid ClaimId, SendState State, string? ProviderMessageId, string? Reason,
    ReceivedMessage? Settled);
