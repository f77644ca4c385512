using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Messaging;

namespace Vellarys.Conversations;

/// <summary>One event on its way into the books, with the keys it will need if it is new.</summary>
internal sealed record RecordItem(
    InboundEvent Event, TenantSettings Settings, Delivery Delivery, Guid MessageId, Guid ConversationId, Guid LeadId,
    Guid ContactId, Guid AnswerId)
{
    public string Key { get; } = $"{Event.Channel:N}/{Event.EventId}";

    /// <summary>Whether it belongs to a conversation.</summary>
    public bool IsSpoken => Event.Kind is InboundKind.Message or InboundKind.Notice or InboundKind.Echo
        && Event.Identities.Count > 0 && Event.Address is not null;

    public IdentityKey First => Event.Identities[0];

    public IdentityKey? Second => Event.Identities.Count > 1 ? Event.Identities[1] : null;

    public string? Phone => Event.Identities.FirstOrDefault(i => i.Kind == "phone")?.Value;

    public string What => Event.Kind switch
    {
        InboundKind.Message => "M",
        InboundKind.Echo => "E",
        _ => "N",
    };

    /// <summary>Opt-out words count only in what the customer wrote.</summary>
    public bool? OptsOut => Event.Kind == InboundKind.Message ? OptOutWords.Read(Event.Text) : null;

    /// <summary>A test for the contacts that this process has already met; see <see cref="KnownContacts"/>.</summary>
    public string ContactKey { get; } =
        $"{Event.Channel:N}/{string.Join('/', Event.Identities.Select(i => i.Kind + ':' + i.Value))}";
}
