using Vellarys.Channels;
using Vellarys.Messaging;

namespace Vellarys.Conversations;

/// <summary>What asking for a claim led to.</summary>
internal abstract record DeliveryState
{
    private DeliveryState()
    {
    }

    /// <summary>Ours to send, now.</summary>
    /// <param name="At">Before it was asked for (<see cref="TimeProvider.GetTimestamp"/>).</param>
    /// <param name="Template">Null for a text, and for a template that cannot be read.</param>
    public sealed record Claimed(
        Guid ClaimId, long At, Guid Conversation, Guid Channel, string To, string Text, bool InWindow, bool IsOld,
        string Kind, TemplateMessage? Template)
        : DeliveryState
    {
        /// <summary>Approved by the provider, so it may be sent whenever we like.</summary>
        public bool IsTemplate => Kind == TemplateMessage.MessageKind;
    }

    /// <summary>Something has to come first, or an earlier send is in doubt.</summary>
    public sealed record Waiting : DeliveryState;

    /// <summary>Sent, failed, cancelled, or never there: nothing is left to do.</summary>
    public sealed record Done : DeliveryState;
}

/// <summary>What a send led to, on its way into the books.</summary>
/// <param name="Settled">The queue message that ends with it; null while it must come back.</param>
internal sealed record SendReport(
    DeliveryDue Due, Guid ClaimId, string State, string? ProviderMessageId, string? Reason, Delivery? Settled);
