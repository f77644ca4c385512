namespace Vellarys.Conversations.Ownership;

/// <summary>Ends the conversation; the customer's next message opens a new one.</summary>
internal sealed class CloseConversation(ChangeOwner change)
{
    public Task<OwnerChange> RunAsync(
        TenantId tenant, ConversationId conversation, CancellationToken cancellationToken) =>
        change.RunAsync(tenant, conversation, ConversationOwner.Closed, null, cancellationToken);
}
