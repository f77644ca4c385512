namespace Vellarys.Assistant;

/// <summary>Answers one turn: guard, then the model or the offline assistant, then guard again.</summary>
public interface IAssistant
{
    /// <summary>
    /// Never fails for want of a model: with no key or an open circuit the offline assistant answers. Throws
    /// <see cref="TransientFault"/> when the model failed but may work in a moment and
    /// <see cref="TurnContext.LastAttempt"/> is false, and, as an outage, when its quota is used up for a moment; where
    /// that lasts, the offline assistant answers too.
    /// </summary>
    Task<TurnAnswer> AnswerAsync(TurnContext context, CancellationToken cancellationToken);

    /// <summary>
    /// For how long a turn need not even be loaded, because there is no quota for it; zero when it should be answered.
    /// From memory.
    /// </summary>
    TimeSpan RetryAfter { get; }
}

/// <summary>Everything the assistant is given for one turn.</summary>
/// <param name="Prompt">The tenant's own instructions; may be empty.</param>
/// <param name="Locale">The tenant's language, <c>pt-BR</c>, <c>es</c> or <c>en</c>; the customer's own wins.</param>
/// <param name="Summary">What came before <paramref name="History"/>; null while everything fits into it.</param>
/// <param name="History">Oldest first, at most 30 lines; the customer's unanswered messages are the last ones.</param>
/// <param name="Passages">What the knowledge base has on the question, best first; empty when retrieval failed.</param>
/// <param name="WantsSummary">The history is cut off: a fresh summary of the whole is wanted with the answer.</param>
/// <param name="FailedAttempts">Answers in a row that did not help.</param>
/// <param name="LastAttempt">No retry will follow: answer with what there is.</param>
public sealed record TurnContext(
    TenantId Tenant,
    ConversationId Conversation,
    string CompanyName,
    string Prompt,
    string Locale,
    string ContactName,
    string? Summary,
    IReadOnlyList<TurnLine> History,
    IReadOnlyList<Passage> Passages,
    bool WantsSummary,
    int FailedAttempts,
    int MaxFailedAttempts,
    bool LastAttempt);

/// <summary>One line of a conversation.</summary>
public sealed record TurnLine(TurnSpeaker Speaker, string Text, bool Unanswered = false);

/// <summary>Who said a line.</summary>
public enum TurnSpeaker
{
    Customer,
    Bot,
    Staff,
    System,
}

/// <summary>A piece of the tenant's knowledge base.</summary>
public sealed record Passage(string Title, string Text);

/// <summary>How ready to buy the customer seems.</summary>
public enum Qualification
{
    Unknown,
    Cold,
    Warm,
    Hot,
}

/// <summary>The customer's tone.</summary>
public enum Sentiment
{
    Neutral,
    Positive,
    Negative,
}

/// <summary>Why a person is called.</summary>
public enum HandoffReason
{
    CustomerAsked,
    HotLead,
    AssistantUnsure,
    AttemptsExhausted,
    Complaint,
    Guard,
    PlanLimit,
}

/// <summary>Where an answer came from.</summary>
public enum AnswerSource
{
    Model,
    Offline,
    Guard,
}

/// <summary>One answer. A handoff is a typed wish here, never a phrase in the text.</summary>
/// <param name="Reply">What the customer reads; at most 4,096 characters.</param>
/// <param name="Intent">A short snake_case label, e.g. <c>pricing</c>.</param>
/// <param name="Score">0 to 100.</param>
/// <param name="Fields">What the customer told about the purchase: budget, city, urgency ...</param>
/// <param name="Handoff">Null while the bot goes on.</param>
/// <param name="Helped">False when the answer is an admission of not knowing: counts as a failed attempt.</param>
/// <param name="NewSummary">Only when it was wanted.</param>
public sealed record TurnAnswer(
    string Reply,
    string Intent,
    Sentiment Sentiment,
    Qualification Qualification,
    int Score,
    IReadOnlyDictionary<string, string> Fields,
    HandoffReason? Handoff,
    bool Helped,
    string? NewSummary,
    AnswerSource Source,
    ModelUsage Usage);

/// <summary>What an answer took.</summary>
/// <param name="Model">Empty where no model was asked.</param>
public sealed record ModelUsage(string Model, int InputTokens, int OutputTokens, int Calls, int LatencyMs)
{
    /// <summary>No model was asked.</summary>
    public static ModelUsage None { get; } = new("", 0, 0, 0, 0);
}
