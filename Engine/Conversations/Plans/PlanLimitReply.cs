using Vellarys.Assistant;
using Vellarys.Assistant.Offline;

namespace Vellarys.Conversations.Plans;

/// <summary>
/// In the place of the assistant where the tenant's plan is used up: no model is asked, the customer hears that a
/// person comes, and one is called. Nothing that the customer wrote is lost for it.
/// </summary>
internal sealed class PlanLimitReply : IAssistant
{
    private PlanLimitReply()
    {
    }

    public static PlanLimitReply Instance { get; } = new();

    public TimeSpan RetryAfter => TimeSpan.Zero;

    public Task<TurnAnswer> AnswerAsync(TurnContext context, CancellationToken cancellationToken)
    {
        string said = string.Join('\n', context.History.Where(l => l.Unanswered).Select(l => l.Text));
        return Task.FromResult(new TurnAnswer(
            Texts.Get(Texts.CouldNotAnswer, CustomerLanguage.Detect(said, context.Locale)), "plan_limit",
            Sentiment.Neutral, Qualification.Unknown, 0, new Dictionary<string, string>(), HandoffReason.PlanLimit,
            Helped: true, NewSummary: null, AnswerSource.Offline, ModelUsage.None));
    }
}
