using Npgsql;
using Vellarys.Accounts;
using Vellarys.Assistant;
using Vellarys.Caching;
using Vellarys.Channels;
using Vellarys.Conversations.Ownership;
using Vellarys.Conversations.Sending;
using Vellarys.Flows.Kernel;
using Vellarys.Storage;

namespace Vellarys.Flows.Survey;

/// <summary>The survey as the kernel runs it: its step over stored JSON, and statements for its commands.</summary>
/// <param name="cache">Where reports are remembered; null where nobody asks for any.</param>
internal sealed class SurveyEffects(Cache? cache = null) : IFlow
{
    public const string FlowName = "survey";

    // What came first stays where the second answer is silent.
    private const string Store =
        """
        insert into survey_answers as a (tenant_id, flow_id, conversation_id, agent_id, kind, score, comment,
            answered_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (tenant_id, flow_id) do update set
            score = coalesce(excluded.score, a.score), comment = coalesce(excluded.comment, a.comment)
        """;

    private static readonly FlowCodec<SurveyState, SurveyEvent> Codec =
        new(SurveyJson.Default.SurveyState, SurveyJson.Default.SurveyEvent);

    public string Name => FlowName;

    public FlowStep Apply(string? state, string body, DateTimeOffset at, DateTimeOffset seenAt, Tenant tenant)
    {
        SurveyPolicy policy = SurveyPolicy.Of(tenant.Settings.Survey);
        return Codec.Apply(
            state, body, at, seenAt, new SurveyState.Unstarted(), (s, e) => SurveyFlow.On(s, e, policy), Listens);
    }

    public void CarryOut(FlowCommand command, FlowEffects effects)
    {
        switch ((SurveyCommand)command)
        {
            case SurveyCommand.AskScore ask:
                SpeakToCustomer.Add(
                    effects, effects.Conversation, Say(effects, Question(ask.Kind)), Template(ask), isFollowUp: true);
                ForgetReports(effects);
                break;
            case SurveyCommand.AskWhy why:
                Reply(effects, why.Conversation, Texts.SurveyAskWhy);
                break;
            case SurveyCommand.Thank thank:
                Reply(effects, thank.Conversation, Texts.SurveyThanks);
                break;
            case SurveyCommand.StoreAnswer answer:
                effects.Run(Statement(answer, effects));
                ForgetReports(effects);
                break;
            case SurveyCommand.CloseSurveyTalk talk:
                CloseQuietly.Add(effects, new ConversationId(talk.Conversation));
                break;
        }
    }

    internal static FlowListens Listens(SurveyState state) => state switch
    {
        SurveyState.Planned => FlowListens.Message,
        SurveyState.Asked or SurveyState.AskedWhy => FlowListens.Answer,
        _ => FlowListens.Nothing,
    };

    // Not waited for: one that gets lost costs five minutes of an old report.
    private void ForgetReports(FlowEffects effects) => effects.Then(
        () => _ = cache?.InvalidateAsync(CacheNamespace.Reports, effects.Tenant.Id, CancellationToken.None).AsTask());

    private static void Reply(FlowEffects effects, Guid conversation, string text) => SpeakToCustomer.Add(
        effects, new ConversationId(conversation), Say(effects, text), template: null, isFollowUp: false);

    private static string Say(FlowEffects effects, string key) => Texts.Get(key, effects.Tenant.Locale);

    private static string Question(SurveyKind kind) =>
        kind == SurveyKind.Csat ? Texts.SurveyAskCsat : Texts.SurveyAskNps;

    private static TemplateMessage? Template(SurveyCommand.AskScore ask) =>
        ask.Template is { } name ? new TemplateMessage(name, ask.TemplateLanguage, []) : null;

    private static NpgsqlBatchCommand Statement(SurveyCommand.StoreAnswer answer, FlowEffects effects) =>
        new NpgsqlBatchCommand(Store)
            .With(effects.Tenant.Id.Value)
            .With(effects.Flow.Value)
            .With(effects.Conversation.Value)
            .With(answer.Agent)
            .With(answer.Kind == SurveyKind.Csat ? "csat" : "nps")
            .With((short?)answer.Score)
            .With(answer.Comment)
            .With(effects.Now.UtcDateTime);
}
