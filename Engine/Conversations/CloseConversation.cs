namespace Vellarys.Conversations;

/// <summary>Ends the conversation; the customer's next message opens a new one.</summary>
public sealed class CloseConversation(ChangeCharge change)
{
    public Task<ChargeChange> RunAsync(
        TenantId tenant, ConversationId conversation, CancellationToken cancellationToken) =>
        change.RunAsync(tenant, conversation, Charge.Closed, null, cancellationToken);
}
