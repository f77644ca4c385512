using Vellarys.Assistant;

namespace Vellarys.Conversations.Answering;

/// <summary>How the assistant's terms are written in the database and in the API.</summary>
internal static class Labels
{
    public static string Of(HandoffReason reason) => reason switch
    {
        HandoffReason.CustomerAsked => "customer_asked",
        HandoffReason.HotLead => "hot_lead",
        HandoffReason.AssistantUnsure => "assistant_unsure",
        HandoffReason.AttemptsExhausted => "attempts_exhausted",
        HandoffReason.Complaint => "complaint",
        HandoffReason.Guard => "guard",
        HandoffReason.PlanLimit => "plan_limit",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };

    public static string Of(AnswerSource source) => source switch
    {
        AnswerSource.Model => "model",
        AnswerSource.Offline => "offline",
        AnswerSource.Guard => "guard",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, null),
    };

    public static string Of(Sentiment sentiment) => sentiment switch
    {
        Sentiment.Neutral => "neutral",
        Sentiment.Positive => "positive",
        Sentiment.Negative => "negative",
        _ => throw new ArgumentOutOfRangeException(nameof(sentiment), sentiment, null),
    };

    public static string Of(Qualification qualification) => qualification switch
    {
        Qualification.Unknown => "unknown",
        Qualification.Cold => "cold",
        Qualification.Warm => "warm",
        Qualification.Hot => "hot",
        _ => throw new ArgumentOutOfRangeException(nameof(qualification), qualification, null),
    };
}
