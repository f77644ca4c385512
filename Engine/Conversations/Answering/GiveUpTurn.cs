using Npgsql;
using Vellarys.Accounts;
using Vellarys.Messaging;
using Vellarys.Realtime;

namespace Vellarys.Conversations.Answering;

/// <summary>
/// Nobody will answer the turn, because its message is given up: a person is called at once, and the customer told. A
/// newer turn has a message of its own, which answers everything.
/// </summary>
internal sealed class GiveUpTurn(
    AnswerTurnStore store, ITenantDirectory tenants, IRealtime realtime, TimeProvider time) : IDeadLetterHook
{
    public string Queue => Queues.AiResponse;

    public async Task RunAsync(QueueMessage dead, string code, CancellationToken cancellationToken)
    {
        if (QueueBody.TryRead(dead.Body, BodiesJson.Default.TurnDue) is not { } due) return;
        if (await tenants.FindAsync(new TenantId(due.Tenant), cancellationToken) is not { } tenant) return;
        if (!await store.HandOverAsync(due, tenant, "dead_letter:" + code, time, cancellationToken)) return;
        realtime.Publish(new RealtimeEvent(tenant.Id, new ConversationId(due.Conversation), "charge"));
    }
}
