using Vellarys.Flows.Kernel;
using static Vellarys.Flows.Survey.SurveyCommand;
using static Vellarys.Flows.Survey.SurveyEvent;
using static Vellarys.Flows.Survey.SurveyState;

namespace Vellarys.Flows.Survey;

/// <summary>
/// One question after a conversation, one for the reason, and never in the customer's way: whoever writes about
/// something else is answered, and the survey is over. See <c>docs/flows/survey.md</c>.
/// </summary>
internal static class SurveyFlow
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    public static Step<SurveyState> On(SurveyState state, SurveyEvent happened, SurveyPolicy policy) =>
        (state, happened) switch
        {
            (Ended, _) => Step<SurveyState>.Stay(state),
            (_, Cancelled) => Finish("cancelled"),

            (Unstarted, Closed e) => Plan(e, policy),
            (Unstarted or Planned, CustomerWrote or Reopened) => Finish("reopened"),
            (Planned, ChargeChanged { Status: not "closed" }) => Finish("reopened"),
            (Planned planned, Woke e) => Ask(planned, e.At, policy),

            (Asked asked, Answered e) => TakeScore(asked, e, policy),
            (Asked asked, Reopened e) => GoOn(asked, e.Text),
            (Asked asked, Woke e) => e.At < asked.ExpiresAt ? WaitOn(asked, asked.ExpiresAt) : Finish("expired"),

            // Handed over twice: the turn with the score is not its reason.
            (AskedWhy why, Answered e) when e.Conversation == why.Conversation && e.Turn <= why.Turn =>
                Step<SurveyState>.Stay(state),
            (AskedWhy why, Answered e) => TakeWhy(why, e),
            (AskedWhy, Reopened) => Finish("answered"),
            (AskedWhy why, Woke e) => e.At < why.ExpiresAt
                ? WaitOn(why, why.ExpiresAt)
                : Finish("answered", new CloseSurveyTalk(why.Conversation)),

            // While asked, what the customer writes comes back as answered or reopened.
            _ => Step<SurveyState>.Stay(state),
        };

    private static Step<SurveyState> Plan(Closed e, SurveyPolicy policy) =>
        policy.Kind == SurveyKind.Off ? Finish("off")
        : e.OptedOut ? Finish("opted_out")
        : !e.ChannelActive ? Finish("channel_stopped")
        // Asked by the wake-up, which comes after everything that has happened until then.
        : new(new Planned(policy.Kind, e.LastInboundAt, e.Agent), [new WakeAt(e.At)]);

    private static Step<SurveyState> Ask(Planned planned, DateTimeOffset at, SurveyPolicy policy)
    {
        bool isOpen = planned.LastInboundAt is { } last && at < last + Window;
        if (!isOpen && policy.Template is null) return Finish("window_closed");
        DateTimeOffset expires = at + policy.ExpireAfter;
        return new(
            new Asked(planned.Kind, expires, planned.Agent),
            [
                new AskScore(planned.Kind, isOpen ? null : policy.Template, policy.TemplateLanguage),
                new WakeAt(expires),
            ]);
    }

    private static Step<SurveyState> TakeScore(Asked asked, Answered e, SurveyPolicy policy)
    {
        if (SurveyAnswer.Read(e.Text, asked.Kind) is not { } answer) return Step<SurveyState>.Stay(asked);
        var store = new StoreAnswer(asked.Kind, answer.Score, answer.Comment, asked.Agent);
        if (answer.Comment is not null)
            return Finish("answered", store, new Thank(e.Conversation), new CloseSurveyTalk(e.Conversation));

        DateTimeOffset expires = e.At + policy.ExpireAfter;
        return new(
            new AskedWhy(asked.Kind, answer.Score, e.Conversation, e.Turn, expires, asked.Agent),
            [store, new AskWhy(e.Conversation), new WakeAt(expires)]);
    }

    /// <summary>"Nota 3, e cadê meu pedido?" is a score all the same; what to say is the assistant's.</summary>
    private static Step<SurveyState> GoOn(Asked asked, string text) =>
        SurveyAnswer.Read(text, asked.Kind) is { } answer
            ? Finish("answered", new StoreAnswer(asked.Kind, answer.Score, answer.Comment, asked.Agent))
            : Finish("reopened");

    private static Step<SurveyState> TakeWhy(AskedWhy why, Answered e)
    {
        List<FlowCommand> commands = [new Thank(e.Conversation), new CloseSurveyTalk(e.Conversation)];
        // A bare number once more is a better score, not a reason.
        if (SurveyAnswer.Read(e.Text, why.Kind) is { Comment: null } better)
            commands.Insert(0, new StoreAnswer(why.Kind, better.Score, null, why.Agent));
        else if (SurveyComment.Of(e.Text) is { } comment)
            commands.Insert(0, new StoreAnswer(why.Kind, null, comment, why.Agent));
        return Finish("answered", [.. commands]);
    }

    private static Step<SurveyState> WaitOn(SurveyState state, DateTimeOffset until) => new(state, [new WakeAt(until)]);

    private static Step<SurveyState> Finish(string outcome, params FlowCommand[] commands) =>
        new(new Ended(outcome), [.. commands, new End(outcome)]);
}
