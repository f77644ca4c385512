using Vellarys.Accounts;
using Vellarys.Assistant;

namespace Vellarys.Conversations.Answering;

/// <summary>A turn that wants an answer, with everything that the answer needs.</summary>
internal sealed class LoadedTurn
{
    /// <summary>The model sees this many messages; what came before is in the summary.</summary>
    public const int HistoryLength = 30;

    private bool _hasWithdrawn;
    private int _rows;
    private long _newest;
    private long _oldest;

    public required int Epoch { get; init; }

    public required Guid Channel { get; init; }

    public required string ContactName { get; init; }

    /// <summary>The conversation's first moment.</summary>
    public DateTime BeganAt { get; init; }

    public required int BotAttempts { get; init; }

    public string? Summary { get; init; }

    public long SummarySeq { get; init; }

    /// <summary>A sealed turn before this one is still without its answer.</summary>
    public bool WaitsForClosedBurst { get; init; }

    /// <summary>A flow that has asked this customer something; null for nearly every turn.</summary>
    public AskingFlow? Asking { get; init; }

    /// <summary>Newest first, as read.</summary>
    public List<StoredLine> Lines { get; } = [];

    public List<Passage> Passages { get; } = [];

    /// <summary>What was withdrawn is no line any more, but one of those that were read.</summary>
    public void Add(StoredLine line, bool isWithdrawn)
    {
        if (_rows++ == 0) _newest = line.Seq;
        _oldest = line.Seq;
        if (isWithdrawn) _hasWithdrawn = true;
        else Lines.Add(line);
    }

    /// <summary>Whether the provider still lets us answer with free text, where it has such a window.</summary>
    public bool InWindow { get; init; }

    /// <summary>The customer took back all that was to be answered.</summary>
    public bool IsWithdrawn => _hasWithdrawn && !InOrder().Exists(l => l is { Unanswered: true, Role: "cliente" });

    /// <summary>Another automatic reply is on the other side.</summary>
    public bool IsLoop => LoopGuard.Sees(Lines);

    /// <summary>As stored: the customer wants nothing that we begin.</summary>
    public bool HasOptedOut { get; init; }

    /// <summary>The message that made it so, or undid it.</summary>
    public Guid? OptedBy { get; init; }

    /// <summary>
    /// The state that is to be confirmed, because a message of this turn brought it about; null for nearly every turn.
    /// </summary>
    public bool? OptsOut =>
        OptedBy is { } by && InOrder().Exists(l => l.Unanswered && l.Id == by) ? HasOptedOut : null;

    /// <summary>The provider's id of the newest customer message, for the read mark.</summary>
    public string? LastExternalId => LastSpoken?.ExternalId;

    private StoredLine? LastSpoken => Lines.Find(l => l is { Role: "cliente", IsSpoken: true });

    /// <summary>All that the customer wrote since the last answer; null where part of it is no text.</summary>
    public string? UnansweredText()
    {
        List<StoredLine> lines = InOrder().FindAll(l => l is { Unanswered: true, Role: "cliente" });
        return lines.Count > 0 && lines.TrueForAll(l => l.Kind is "text" or "button" or "interactive")
            ? string.Join('\n', lines.Select(l => l.Body))
            : null;
    }

    public TurnContext ToContext(TurnDue due, Tenant tenant, bool lastAttempt)
    {
        List<StoredLine> ordered = InOrder();
        bool cutOff = _rows == HistoryLength && _oldest > 1;
        return new TurnContext(
            tenant.Id, new ConversationId(due.Conversation), tenant.Name, tenant.Settings.Prompt, tenant.Locale,
            ContactName, cutOff ? Summary : null, [.. ordered.Select(l => l.ToTurnLine()).OfType<TurnLine>()],
            Passages,
            WantsSummary: cutOff && _newest - SummarySeq >= HistoryLength / 2,
            BotAttempts, tenant.Settings.BotAttempts, lastAttempt);
    }

    /// <summary>
    /// Oldest first, the unanswered messages last. Transports may swap messages: within the unanswered ones the
    /// provider's second decides, then the time of arrival.
    /// </summary>
    private List<StoredLine> InOrder()
    {
        List<StoredLine> answered = Lines.FindAll(l => !l.Unanswered);
        List<StoredLine> unanswered = Lines.FindAll(l => l.Unanswered);
        answered.Reverse();
        if (unanswered.Count == 0) return MarkTrailing(answered);
        return [.. answered, .. unanswered.OrderBy(l => l.SentAt).ThenBy(l => l.ReceivedAt).ThenBy(l => l.Seq)];
    }

    /// <summary>After a person gave the conversation back, what nobody answered since counts as unanswered.</summary>
    private static List<StoredLine> MarkTrailing(List<StoredLine> lines)
    {
        int last = lines.FindLastIndex(l => l.Role is "bot" or "atendente");
        return
        [
            .. lines.Select((l, i) => i > last ? l with { Unanswered = l is { Role: "cliente", IsSpoken: true } } : l),
        ];
    }
}

/// <summary>A flow that waits for the customer's answer.</summary>
/// <param name="State">JSON.</param>
internal sealed record AskingFlow(FlowId Id, string Name, string State);
