using Vellarys.Assistant;
using Vellarys.Assistant.Guard;
using Vellarys.Assistant.Offline;

namespace Vellarys.Conversations.OptOut;

/// <summary>
/// What a customer hears who has opted out or in: the state as it is stored, in fixed words of their language. A
/// question in the same breath is answered too, because opting out is about what we begin.
/// </summary>
internal static class OptOutAnswer
{
    private static readonly string[] Locales = ["pt-BR", "es", "en"];

    public static async Task<TurnAnswer> AnswerAsync(
        bool optedOut, TurnContext context, IAssistant assistant, CancellationToken cancellationToken)
    {
        string text = Said(context);
        string confirmed = Texts.Get(
            optedOut ? Texts.OptOutConfirmed : Texts.OptInConfirmed, CustomerLanguage.Detect(text, context.Locale));
        if (!OptOutWish.AsksBesides(text)) return Fixed(confirmed, optedOut);
        TurnAnswer answer = await assistant.AnswerAsync(context, cancellationToken);
        // The answer alone may be as long as a message can be.
        return answer with { Reply = OutputGuard.Shortened($"{confirmed}\n\n{answer.Reply}") };
    }

    /// <summary>
    /// Nothing but thanks or a nod, right after we said that nothing more will come: silence is the answer.
    /// </summary>
    public static bool IsLeftAlone(bool optedOut, TurnContext context)
    {
        if (!optedOut) return false;
        TurnLine? last = context.History.LastOrDefault(l => !l.Unanswered);
        return last is { Speaker: TurnSpeaker.Bot }
            && Locales.Any(l => last.Text == Texts.Get(Texts.OptOutConfirmed, l))
            && OptOutWish.IsCourtesy(Said(context));
    }

    private static string Said(TurnContext context) =>
        string.Join('\n', context.History.Where(l => l.Unanswered).Select(l => LineNotes.Without(l.Text)));

    private static TurnAnswer Fixed(string reply, bool optedOut) => new(
        reply, optedOut ? "opt_out" : "opt_in", Sentiment.Neutral, Qualification.Unknown, 0,
        new Dictionary<string, string>(), Handoff: null, Helped: true, NewSummary: null, AnswerSource.Offline,
        ModelUsage.None);
}
