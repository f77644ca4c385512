namespace Vellarys.Conversations.Ownership;

/// <summary>
/// Who is in charge of a conversation: <c>bot</c> (automação), <c>waiting</c> (espera), <c>human</c> (atendimento),
/// <c>closed</c> (encerrado). The one place that says which changes are legal.
/// </summary>
internal static class ConversationOwner
{
    public const string Bot = "bot";
    public const string Waiting = "waiting";
    public const string Human = "human";
    public const string Closed = "closed";

    /// <summary>Null when the change is legal, else the refusal.</summary>
    public static OwnerChange.Refused? Refusal(string from, string to) => (from, to) switch
    {
        (Closed, _) =>
            new("conversation_closed", "A closed conversation stays closed; the next message opens a new one."),
        (Bot, Bot) => new("bot_in_charge", "The bot is in charge already."),
        (Bot, Human or Waiting or Closed) or (Waiting, Bot or Human or Closed) => null,
        (Human, Bot or Waiting or Human or Closed) => null,
        _ => new("illegal_change", $"A conversation cannot go from {from} to {to}."),
    };

    /// <summary>Null when <paramref name="user"/> may take what waits.</summary>
    /// <param name="asked">Who is asked, or in charge; null for nobody.</param>
    public static OwnerChange.Refused? AcceptanceRefusal(string status, Guid? asked, Guid user) =>
        (status, asked) switch
        {
            (Human, _) when asked != user => new("taken", "Somebody else has taken this conversation."),
            (Waiting, { } other) when other != user => new("offered_to_another", "It is offered to somebody else."),
            (Bot, _) => new("not_waiting", "This conversation does not wait for a person."),
            _ => null,
        };
}

/// <summary>What asking for a change of charge led to.</summary>
public abstract record OwnerChange
{
    private OwnerChange()
    {
    }

    /// <param name="Status">Who is in charge now.</param>
    /// <param name="Epoch">Raised by the change; bot messages of earlier epochs are never claimed.</param>
    public sealed record Changed(string Status, int Epoch) : OwnerChange;

    public sealed record NotFound : OwnerChange;

    /// <param name="Code">Stable, e.g. <c>conversation_closed</c>.</param>
    public sealed record Refused(string Code, string Reason) : OwnerChange;
}

/// <summary>Who is in charge now, as the API tells it.</summary>
internal sealed record OwnerAnswer(string Status, int Epoch);
