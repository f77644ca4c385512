using System.Text.Json;

namespace Vellarys.Channels.MetaCloud;

/// <summary>What the items of one change have in common.</summary>
/// <param name="Address">The <c>phone_number_id</c>; null where the change names none.</param>
/// <param name="Value">Holds the items, and the profiles of those who wrote.</param>
internal readonly record struct MetaChange(string? Address, JsonElement Value, DateTimeOffset ReceivedAt)
{
    // A hostile body could hold as many profiles as items, each compared with each.
    private const int MaxContacts = 1_000;

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
    public JsonElement Contact(string? phone, string? bsuid)
    {
        if (!Value.TryGetArray("contacts"u8, out JsonElement contacts)) return default;
        foreach (JsonElement contact in contacts.EnumerateArray().Take(MaxContacts))
        {
            if (phone is not null && PhoneNumbers.Plain(contact.StringOrNumber("wa_id"u8)) is { } waId
                    && PhoneNumbers.Canonical(waId) == phone
                || bsuid is not null && contact.Hint("user_id"u8) == bsuid)
                return contact;
        }

        return default;
    }
}
