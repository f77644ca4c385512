using Npgsql;
using Vellarys.Flows.Kernel;
using Vellarys.Storage;

namespace Vellarys.Conversations.Ownership;

/// <summary>
/// Lets a flow close a conversation that was about nothing but the flow. Not once a person is in charge, nor while
/// something of the customer's waits for an answer. The epoch stays, so that what the flow has just said is still sent.
/// </summary>
internal static class CloseQuietly
{
    public static void Add(FlowEffects effects, ConversationId conversation) =>
        effects.Run(new NpgsqlBatchCommand(
            """
            update conversations set status = 'closed', closed_at = now(), sealed_turn = null, burst_started_at = null
            where tenant_id = $1 and id = $2 and status = 'bot' and answered_turn = turn
            """)
            .With(effects.Tenant.Id.Value)
            .With(conversation.Value));
}
