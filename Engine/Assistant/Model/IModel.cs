namespace Vellarys.Assistant.Model;

/// <summary>A language model behind one structured call.</summary>
internal interface IModel
{
    /// <summary>
    /// Throws <see cref="TransientFault"/> for what time may mend (timeouts, lost connections, 408, 409, 429, 5xx) and
    /// for an answer that cannot be used (<see cref="Model.ModelFaults.IsUnusable"/>), and <see cref="PermanentFault"/>
    /// for the rest.
    /// </summary>
    Task<ModelReply> CompleteAsync(ModelRequest request, CancellationToken cancellationToken);
}

/// <summary>One request: the messages, newest last.</summary>
/// <param name="WantsSummary">The answer shall carry a fresh summary of the conversation.</param>
internal sealed record ModelRequest(IReadOnlyList<ModelMessage> Messages, bool WantsSummary)
{
    /// <summary>Whose budget it takes from; null: only the deployment's.</summary>
    public TenantId? Tenant { get; init; }

    /// <summary>The customer's conversation, whose budget it takes from.</summary>
    public ConversationId? Conversation { get; init; }
}

/// <summary>One message of a request.</summary>
internal readonly record struct ModelMessage(ModelRole Role, string Text);

/// <summary>Whose message it is, in the model's terms.</summary>
internal enum ModelRole
{
    System,
    User,
    Assistant,
}

/// <summary>What the model answered, read tolerantly.</summary>
/// <param name="Score">Null where the model gave none.</param>
/// <param name="WantsHandoff">The model asked for a person; <paramref name="Handoff"/> says why.</param>
internal sealed record ModelReply(
    string Reply,
    string Intent,
    Sentiment Sentiment,
    Qualification Qualification,
    int? Score,
    IReadOnlyDictionary<string, string> Fields,
    bool WantsHandoff,
    HandoffReason? Handoff,
    bool Helped,
    string? Summary,
    int InputTokens,
    int OutputTokens)
{
    /// <summary>The model refuses to answer this; what it says about that is not for the customer.</summary>
    public bool Declined { get; init; }
}
