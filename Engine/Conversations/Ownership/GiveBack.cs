namespace Vellarys.Conversations.Ownership;

/// <summary>The bot is in charge again; it answers what the customer said last if nobody did.</summary>
internal sealed class GiveBack(ChangeOwner change)
{
    public Task<OwnerChange> RunAsync(
        TenantId tenant, ConversationId conversation, CancellationToken cancellationToken) =>
        change.RunAsync(tenant, conversation, ConversationOwner.Bot, null, cancellationToken);
}
