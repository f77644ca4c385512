namespace Vellarys.Conversations;

/// <summary>The bot is in charge again; it answers what the customer said last if nobody did.</summary>
public sealed class GiveBack(ChangeCharge change)
{
    public Task<ChargeChange> RunAsync(
        TenantId tenant, ConversationId conversation, CancellationToken cancellationToken) =>
        change.RunAsync(tenant, conversation, Charge.Bot, null, cancellationToken);
}
