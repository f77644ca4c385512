using Npgsql;
using Vellarys.Conversations.Sending;
using Vellarys.Flows.Handoff.Agents;
using Vellarys.Flows.Handoff.Dispatch;
using Vellarys.Flows.Kernel;
using Vellarys.Realtime;
using Vellarys.Storage;

namespace Vellarys.Flows.Handoff;

/// <summary>A handoff's commands as statements.</summary>
internal sealed class HandoffEffects(IRealtime realtime)
{
    private static readonly string NotifySql = EngineSql.Of<HandoffEffects>("notify-agents.sql");
    private static readonly string SeekSql = EngineSql.Of<HandoffEffects>("seek-agent.sql");

    private const string Stop = "delete from handoff_requests where tenant_id = $1 and flow_id = $2";

    private const string Withdraw = "select withdraw_offer($1, $2, $3)";

    private const string LetGo = "select o.id from change_owner($1, $2, 'waiting', was => 'human') o";

    // What was unanswered while nobody came has its outcome already; the bot answers what comes from now on.
    private const string Return = "select o.id from change_owner($1, $2, 'bot', was => 'waiting') o";

    // Runs after the row of this flow says that it has ended.
    private const string Again =
        """
        select start_flow(c.tenant_id, 'handoff', c.id, c.contact_id, json_build_object(
            'kind', 'raised', 'reason', coalesce(c.handoff_reason, 'unknown'), 'team', c.team_id))
        from conversation_summaries c
        where c.tenant_id = $1 and c.id = $2 and c.status = 'waiting'
        """;

    public void CarryOut(FlowCommand command, FlowEffects effects)
    {
        switch (command)
        {
            case SeekAgent seek:
                Seek(seek, effects);
                break;
            case StopSeeking:
                effects.Run(OfFlow(Stop, effects));
                break;
            case NotifyAgent notify:
                Notify(effects, notify.Kind, notify.Agent);
                break;
            case NotifySupervisors notify:
                Notify(effects, notify.Kind, null);
                break;
            case WithdrawOffer withdraw:
                effects.Run(OfConversation(Withdraw, effects).With(withdraw.Agent));
                effects.Run(OfFlow(Stop, effects));
                break;
            case Release:
                effects.Run(OfConversation(LetGo, effects));
                break;
            case ReturnToBot:
                effects.Run(OfConversation(Return, effects));
                break;
            case RaiseAgain:
                effects.Run(OfConversation(Again, effects));
                break;
            case TellCustomer tell:
                string text = HandoffTexts.Of(tell, effects.Now, effects.Tenant);
                SpeakToCustomer.Add(effects, effects.Conversation, text, template: null, isFollowUp: false);
                break;
            default:
                throw new InvalidOperationException($"A handoff has no command {command.GetType().Name}.");
        }

        effects.Then(() => realtime.Publish(new RealtimeEvent(effects.Tenant.Id, effects.Conversation, "handoff")));
    }

    private static void Seek(SeekAgent seek, FlowEffects effects)
    {
        effects.Run(OfFlow(SeekSql, effects)
            .With(effects.Conversation.Value)
            .With(seek.Reason is "hot_lead" or "complaint" ? (short)0 : (short)1)
            .With(seek.Since.UtcDateTime)
            .With(seek.Team)
            .With(seek.For)
            .With(seek.Skill)
            .With(seek.Supervisor)
            .With(seek.Except.ToArray()));
        effects.Send(DispatchHandoffs.WakeUp(effects.NewId(), effects.Tenant.Id));
    }

    private static void Notify(FlowEffects effects, string kind, Guid? agent)
    {
        effects.Run(OfFlow(NotifySql, effects)
            .With(effects.Conversation.Value)
            .With(agent)
            .With(kind)
            .With(effects.NewId()));
        effects.Send(TellAgents.WakeUp(effects.NewId(), effects.Tenant.Id, effects.Flow));
    }

    private static NpgsqlBatchCommand OfFlow(string sql, FlowEffects effects) =>
        new NpgsqlBatchCommand(sql).With(effects.Tenant.Id.Value).With(effects.Flow.Value);

    private static NpgsqlBatchCommand OfConversation(string sql, FlowEffects effects) =>
        new NpgsqlBatchCommand(sql).With(effects.Tenant.Id.Value).With(effects.Conversation.Value);
}
