using Vellarys.Assistant;

namespace Vellarys.Conversations;

/// <summary>The fixed answer to an opt-out or opt-in word; no model is asked.</summary>
internal static class OptOutReply
{
    public static TurnAnswer For(bool optsOut, string locale) => new(
        Texts.Get(optsOut ? "OptOutConfirmed" : "OptInConfirmed", locale),
        optsOut ? "opt_out" : "opt_in", Sentiment.Neutral, Qualification.Unknown, 0,
        new Dictionary<string, string>(), Handoff: null, Helped: true, NewSummary: null, AnswerSource.Offline,
        ModelUsage.None);
}
