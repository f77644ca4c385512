using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Messaging;

namespace Vellarys.Conversations;

/// <summary>One event on its way into the books, with the keys it will need if it is new.</summary>
internal sealed record RecordItem(
    InboundEvent Event, TenantSettings Settings, Delivery Delivery, Guid MessageId, Guid ConversationId, Guid LeadId,
    Guid ContactId, Guid AnswerId)
{
    /// <summary>The tenant's language, for what staff reads.</summary>
    public string Locale { get; init; } = "";

    public string Key { get; } = $"{Event.Channel:N}/{Event.EventId}";

    /// <summary>Whether it belongs to a conversation.</summary>
    public bool IsSpoken => Event.Kind is InboundKind.Message or InboundKind.Notice or InboundKind.Echo
        && Event.Identities.Count > 0 && Event.Address is not null && Event.Change is null;

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

    public string? Bsuid => Event.Identities.FirstOrDefault(i => i.Kind == "bsuid")?.Value;

    /// <summary>
    /// A test for the contacts that this process has already met, under this name; see <see cref="KnownContacts"/>.
    /// </summary>
    public string ContactKey { get; } =
        $"{Event.Channel:N}/{string.Join('/', Event.Identities.Select(i => i.Kind + ':' + i.Value))}"
        + $"/{Event.ProfileName}";
}
