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
            with idle as materialized (
                select c.id
                from conversations c
                where c.tenant_id = $1 and c.id = $2 and c.status = 'bot' and c.answered_turn = c.turn
                for no key update
            )
            select o.id
            from idle i
            cross join lateral change_owner($1, i.id, 'closed', was => 'bot', quietly => true) o
            """)
            .With(effects.Tenant.Id.Value)
            .With(conversation.Value));
}
