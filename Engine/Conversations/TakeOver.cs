namespace Vellarys.Conversations;

/// <summary>A person takes the conversation: no new bot message is claimed from then on.</summary>
public sealed class TakeOver(ChangeCharge change)
{
    /// <param name="userId">Who; null while accounts do not exist.</param>
    public Task<ChargeChange> RunAsync(
        TenantId tenant, ConversationId conversation, Guid? userId, CancellationToken cancellationToken) =>
        change.RunAsync(tenant, conversation, Charge.Human, userId, cancellationToken);
}
