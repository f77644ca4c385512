using Microsoft.Extensions.Logging;
using Vellarys.Assistant.Guard;
using Vellarys.Assistant.Markup;
using Vellarys.Assistant.Model;
using Vellarys.Assistant.Offline;

namespace Vellarys.Assistant;

/// <summary>One turn: guard in, the model or the offline assistant, guard out.</summary>
internal sealed class GuardedAssistant(
    ResilientModel model, TurnGuard guard, TurnPrompt prompt, TimeProvider time, ILogger<GuardedAssistant> logger)
    : IAssistant
{
    private static readonly Dictionary<string, string> NoFields = [];
    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(2);

    public TimeSpan RetryAfter => model.RetryAfter;

    public async Task<TurnAnswer> AnswerAsync(TurnContext context, CancellationToken cancellationToken)
    {
        if (TurnGuard.InspectInput(TurnPrompt.UnansweredText(context)) is { } attack)
        {
            Log.InputBlocked(logger, context.Conversation, attack);
            return Blocked(context);
        }

        context = WithoutForgedPassages(context);
        long started = time.GetTimestamp();
        ModelOutcome outcome = await model.AskAsync(prompt.Build(context), cancellationToken);
        int latencyMs = (int)time.GetElapsedTime(started).TotalMilliseconds;
        return outcome switch
        {
            ModelOutcome.Answered answered => Answered(answered, context, latencyMs),
            ModelOutcome.OverQuota over => throw OverQuota(over),
            // Whoever has waited for all the calls that hang is not asked to wait for as many again.
            ModelOutcome.Failed failed when !context.LastAttempt && failed.Code != ModelOutcome.Timeout =>
                throw new TransientFault(failed.Code, "The model failed; the turn is tried again.")
                {
                    RetryAfter = failed.RetryAfter,
                },
            ModelOutcome.Failed failed => Offline(context, failed.Code, failed.Calls, latencyMs),
            ModelOutcome.Unavailable unavailable => Offline(context, unavailable.Code, unavailable.Calls, latencyMs),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome.GetType().Name}."),
        };
    }

    // Also on the last attempt: a worse answer, only because others were quicker a moment ago, would be no service.
    private static TransientFault OverQuota(ModelOutcome.OverQuota over) =>
        new(over.Code, "The model's quota is used up; the turn waits.")
        {
            IsOutage = true,
            RetryAfter = over.RetryAfter ?? ModelQuota.Later(LeastWait),
        };

    private TurnContext WithoutForgedPassages(TurnContext context)
    {
        IReadOnlyList<Passage> clean = guard.Clean(context.Passages);
        if (clean.Count == context.Passages.Count) return context;
        Log.PassagesDropped(logger, context.Tenant, context.Passages.Count - clean.Count);
        return context with { Passages = clean };
    }

    private TurnAnswer Answered(ModelOutcome.Answered answered, TurnContext context, int latencyMs)
    {
        TurnAnswer answer = FromModel(answered, context, latencyMs);
        if (answered.Reply.Declined || CannedRefusal.Is(answer.Reply, Language(context)))
            return Declined(answer, context);
        answer = answer with { Reply = WhatsAppText.Of(answer.Reply) };
        return answer.Reply.Length > 0
            ? Checked(answer, context)
            : Offline(context, ModelFaults.Empty, answered.Calls, latencyMs);
    }

    /// <summary>Said in our words and the customer's language, whatever the model said.</summary>
    private static TurnAnswer Declined(TurnAnswer answer, TurnContext context)
    {
        HandoffReason? handoff = HandoffRules.Decide(answer.Handoff, answer.Qualification, helped: false, context);
        return answer with
        {
            Reply = Texts.Get(handoff is null ? Texts.Declined : Texts.GuardHandoff, Language(context)),
            Intent = "refused",
            Handoff = handoff,
            Helped = false,
            NewSummary = null,
        };
    }

    private TurnAnswer FromModel(ModelOutcome.Answered answered, TurnContext context, int latencyMs)
    {
        ModelReply reply = answered.Reply;
        HandoffReason? asked = reply.WantsHandoff ? reply.Handoff ?? HandoffReason.AssistantUnsure : null;
        return new TurnAnswer(
            reply.Reply, reply.Intent, reply.Sentiment, reply.Qualification,
            reply.Score ?? BuyingRules.Score(reply.Qualification), reply.Fields,
            HandoffRules.Decide(asked, reply.Qualification, reply.Helped, context), reply.Helped,
            context.WantsSummary ? reply.Summary : null, AnswerSource.Model,
            new ModelUsage(model.Current.Model, reply.InputTokens, reply.OutputTokens, answered.Calls, latencyMs));
    }

    private TurnAnswer Offline(TurnContext context, string code, int calls, int latencyMs)
    {
        if (code != ModelOutcome.NoModel) Log.AnsweredOffline(logger, context.Conversation, code, calls);
        ModelUsage usage = calls == 0 ? ModelUsage.None : new ModelUsage(model.Current.Model, 0, 0, calls, latencyMs);
        TurnAnswer answer = OfflineAssistant.Answer(context);
        // What the knowledge base holds may be Markdown too.
        return Checked(answer with { Reply = WhatsAppText.Of(answer.Reply) }, context) with { Usage = usage };
    }

    private TurnAnswer Checked(TurnAnswer answer, TurnContext context)
    {
        (string reply, string? withheld) = guard.InspectOutput(answer.Reply, context);
        if (withheld is null) return answer with { Reply = reply };
        Log.OutputWithheld(logger, context.Conversation, withheld);
        return answer with
        {
            Reply = Texts.Get(Texts.Withheld, Language(context)),
            Intent = "withheld",
            Handoff = HandoffRules.Decide(null, answer.Qualification, helped: false, context),
            Helped = false,
            NewSummary = null,
            Source = AnswerSource.Guard,
        };
    }

    private static TurnAnswer Blocked(TurnContext context)
    {
        bool last = HandoffRules.IsLastAttempt(context);
        return new TurnAnswer(
            Texts.Get(last ? Texts.GuardHandoff : Texts.GuardRefusal, Language(context)), "blocked", Sentiment.Neutral,
            Qualification.Unknown, 0, NoFields, last ? HandoffReason.Guard : null, Helped: false, NewSummary: null,
            AnswerSource.Guard, ModelUsage.None);
    }

    private static string Language(TurnContext context) =>
        CustomerLanguage.Detect(LineNotes.Without(TurnPrompt.UnansweredText(context)), context.Locale);
}
