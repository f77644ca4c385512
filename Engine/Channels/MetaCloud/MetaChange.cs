using System.Text.Json;

namespace Vellarys.Channels.MetaCloud;

/// <summary>What the items of one change have in common.</summary>
/// <param name="Address">The <c>phone_number_id</c>; null where the change names none.</param>
/// <param name="Value">Holds the items, and the profiles of those who wrote.</param>
internal readonly record struct MetaChange(string? Address, JsonElement Value, DateTimeOffset ReceivedAt)
{
    private readonly MetaContacts _contacts = new(Value);

    /// <summary>An event of this change, its tenant and channel still open.</summary>
    public InboundEvent Event(InboundKind kind, string id, string type, JsonElement item) => new()
    {
        Tenant = Guid.Empty,
        Channel = Guid.Empty,
        Kind = kind,
        EventId = id,
        Type = type,
        ReceivedAt = ReceivedAt,
        SentAt = ProviderTime.Read(item, ReceivedAt),
    };

    /// <summary>Kept as it came, known by its bytes.</summary>
    public WebhookItem Unknown(string? type, JsonElement item)
    {
        string what = string.IsNullOrEmpty(type) ? "unknown" : type;
        InboundEvent kept = Event(InboundKind.Unknown, item.Fingerprint(), what, item) with { Raw = item.Raw() };
        return new WebhookItem(Address, kept);
    }

    /// <summary>
    /// The profile of whoever has this number or id. Profiles belong to the change, not to an item at the same place.
    /// </summary>
    public JsonElement Contact(string? phone, string? bsuid) => _contacts.Find(phone, bsuid);
}
