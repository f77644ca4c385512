namespace Vellarys.Conversations.Ownership;

/// <summary>A person takes the conversation: no new bot message is claimed from then on.</summary>
internal sealed class TakeOver(ChangeOwner change)
{
    /// <param name="userId">Who; null while accounts do not exist.</param>
    public Task<OwnerChange> RunAsync(
        TenantId tenant, ConversationId conversation, Guid? userId, CancellationToken cancellationToken) =>
        change.RunAsync(tenant, conversation, ConversationOwner.Human, userId, cancellationToken);
}
