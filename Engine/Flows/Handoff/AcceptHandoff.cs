using Vellarys.Conversations;

namespace Vellarys.Flows.Handoff;

/// <summary>
/// The person asked, or any other while nobody is, takes the conversation. Two who accept at once: the row's lock
/// decides, and the second is refused.
/// </summary>
internal sealed class AcceptHandoff(ChangeCharge change)
{
    public Task<ChargeChange> RunAsync(
        TenantId tenant, ConversationId conversation, Guid agent, CancellationToken cancellationToken) =>
        change.AcceptAsync(tenant, conversation, agent, cancellationToken);
}
