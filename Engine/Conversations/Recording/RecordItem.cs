using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Conversations.OptOut;
using Vellarys.Messaging;

namespace Vellarys.Conversations.Recording;

/// <summary>One event on its way into the books, with the keys it will need if it is new.</summary>
internal sealed record RecordItem(
    InboundEvent Event, TenantSettings Settings, ReceivedMessage Received, Guid MessageId, Guid ConversationId,
    Guid LeadId,
    Guid ContactId, Guid AnswerId)
{
    /// <summary>The tenant's language, for what staff reads.</summary>
    public string Locale { get; init; } = "";

    public string Key { get; } = KeyOf(Event.Channel, Event.EventId);

    public static string KeyOf(Guid channel, string eventId) => $"{channel:N}/{eventId}";

    /// <summary>
    /// Whether it belongs to a conversation. What somebody edits or deletes on the company's phone changes that message
    /// and takes nothing over.
    /// </summary>
    public bool IsSpoken => Event.Kind is InboundKind.Message or InboundKind.Notice or InboundKind.Echo
        && Event.Identities.Count > 0 && Event.Address is not null && Event.Change is null
        && Event is not { Kind: InboundKind.Echo, Type: "edit" or "revoke" or "reaction" };

    public IdentityKey First => Event.Identities[0];

    public IdentityKey? Second => Event.Identities.Count > 1 ? Event.Identities[1] : null;

    public string? Phone => Event.Identities.FirstOrDefault(i => i.Kind == "phone")?.Value;

    /// <summary>An edit that opts out or in wants an answer as a message would: it has to be confirmed.</summary>
    public string What => Event.Kind switch
    {
        InboundKind.Message => "M",
        InboundKind.Notice when OptsOut is not null => "M",
        InboundKind.Echo => "E",
        _ => IsChange ? "C" : "N",
    };

    /// <summary>An edit or a revoke of another message.</summary>
    public bool IsChange => Event is { RefersTo: not null, Type: "edit" or "revoke" };

    /// <summary>
    /// What the customer wrote, chose or wrote anew says about opting out. Read here and nowhere else.
    /// </summary>
    public bool? OptsOut { get; } =
        Event.Kind == InboundKind.Message && Event.Type is "text" or "button" or "interactive" || Event.Type == "edit"
            ? OptOutWish.Read(Event.Text, isChoice: Event.Type is "button" or "interactive")
            : null;

    /// <summary>
    /// Whether it may begin a conversation: a reaction, say, belongs to the last one, closed or not, and to none where
    /// there is none. Of what wants no answer only a call is news of its own.
    /// </summary>
    public bool Opens => Event.Kind != InboundKind.Notice || Event.Type == "call" || OptsOut is not null;

    public string? Bsuid => Event.Identities.FirstOrDefault(i => i.Kind == "bsuid")?.Value;

    /// <summary>
    /// A test for the contacts that this process has already met, under this name; see
    /// <see cref="RecordMessageStore"/>.
    /// </summary>
    public string ContactKey { get; } =
        $"{Event.Channel:N}/{string.Join('/', Event.Identities.Select(i => i.Kind + ':' + i.Value))}"
        + $"/{Event.ProfileName}";
}
