using System.Text.RegularExpressions;
using Vellarys.Assistant.Offline;

namespace Vellarys.Assistant;

/// <summary>
/// Answers without a model: from rules and from the passages it is given, in the customer's language. It promises
/// nothing, says so when it does not know, and calls a person where one is wanted.
/// </summary>
internal static partial class OfflineAssistant
{
    private static readonly Dictionary<string, string> NoFields = [];

    public static TurnAnswer Answer(TurnContext context)
    {
        string said = TurnPrompt.UnansweredText(context);
        string text = Caption(said);
        string locale = CustomerLanguage.Detect(text, context.Locale);
        string folded = TextFold.Fold(text);
        Sentiment tone = Tone.Of(text);
        // A filled cart says it without words.
        if (Cart().IsMatch(said))
            return Answered(context, locale, "order", Texts.HotLead, HandoffReason.HotLead, tone, Qualification.Hot);
        if (folded.Length == 0) return Answered(context, locale, "media", Texts.CannotOpenMedia, helped: true);

        Qualification level = BuyingRules.Of(folded);
        if (IntentRules.WantsPerson(folded))
            return Answered(context, locale, "human", Texts.CustomerAsked, HandoffReason.CustomerAsked, tone, level);
        if (IntentRules.IsComplaint(folded))
            return Answered(context, locale, "complaint", Texts.Complaint, HandoffReason.Complaint, Sentiment.Negative);
        if (level == Qualification.Hot)
        {
            // Somebody who is ready to buy often asks one thing more.
            string? known = folded.Contains('?', StringComparison.Ordinal)
                ? PassageAnswer.Find(folded, context.Passages)
                : null;
            string told = (known is null ? "" : known + "\n\n") + Texts.Get(Texts.HotLead, locale);
            return Answer(context, told, "buy", HandoffReason.HotLead, tone, level, helped: true);
        }

        if (SmallTalk.IsGreeting(folded)) return Answered(context, locale, "greeting", Texts.Greeting, null, tone);
        if (SmallTalk.IsThanks(folded)) return Answered(context, locale, "thanks", Texts.Thanks, null, tone);
        if (SmallTalk.IsGoodbye(folded)) return Answered(context, locale, "goodbye", Texts.Goodbye, null, tone);
        if (IntentRules.AsksIdentity(folded)) return Answered(context, locale, "identity", Texts.Identity, null, tone);

        string topic = SmallTalk.Topic(folded);
        if (PassageAnswer.Find(folded, context.Passages) is { } found)
        {
            bool foreign = CustomerLanguage.Detect(found, context.Locale) != locale;
            string reply = foreign ? Texts.Get(Texts.FromKnowledge, locale) + "\n" + found : found;
            return Answer(context, reply, topic == "unknown" ? "question" : topic, null, tone, level, helped: true);
        }

        string key = HandoffRules.IsLastAttempt(context) ? Texts.UnknownHandoff : Texts.Unknown;
        return Answered(context, locale, topic, key, null, tone, level, helped: false);
    }

    // The loader writes media as its kind in brackets, with the caption and our notes after it.
    private static string Caption(string text) =>
        string.Join('\n', LineNotes.Without(text).Split('\n')
            .Select(line => Patterns.Read(() => Kind().Replace(line, ""), line)));

    [GeneratedRegex(
        @"^\[order\] ", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Cart();

    [GeneratedRegex(@"^\[[a-z0-9_]+\] ?", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Kind();

    private static TurnAnswer Answered(
        TurnContext context, string locale, string intent, string key, HandoffReason? asked = null,
        Sentiment tone = Sentiment.Neutral, Qualification level = Qualification.Unknown, bool helped = true) =>
        Answer(context, Texts.Get(key, locale), intent, asked, tone, level, helped);

    private static TurnAnswer Answer(
        TurnContext context, string reply, string intent, HandoffReason? asked, Sentiment tone, Qualification level,
        bool helped) => new(
            reply, intent, tone, level, BuyingRules.Score(level), NoFields,
            HandoffRules.Decide(asked, level, helped, context), helped, NewSummary: null, AnswerSource.Offline,
            ModelUsage.None);
}
