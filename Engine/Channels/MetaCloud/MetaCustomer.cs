using System.Text.Json;

namespace Vellarys.Channels.MetaCloud;

/// <summary>Who an item is about.</summary>
/// <param name="Address">What replies go to: the number or the business-scoped id (BSUID), as it came.</param>
/// <param name="Identities">The BSUID first, then the number in its canonical form.</param>
internal readonly record struct MetaCustomer(string Address, IReadOnlyList<IdentityKey> Identities, string? Name)
{
    private const int MaxBsuid = 160;

    /// <summary>Of the customer's keys: another one says that somebody else may be at the other end.</summary>
    public string? IdentityHash { get; private init; }

    /// <summary>False when the fields name nobody, or are not of the type that they should be.</summary>
    /// <param name="addressField">Holds the number; may be missing, or hold a BSUID.</param>
    /// <param name="bsuidField">Holds the BSUID; may be missing.</param>
    public static bool TryRead(
        MetaChange change, JsonElement item, ReadOnlySpan<byte> addressField, ReadOnlySpan<byte> bsuidField,
        out MetaCustomer customer)
    {
        customer = default;
        // Re-sellers write numbers with a plus, or as JSON numbers.
        string? address = PhoneNumbers.Plain(item.StringOrNumber(addressField));
        if (!item.TryKey(bsuidField, out string? named)) return false;
        string? phone = IsNumber(address) ? PhoneNumbers.Canonical(address!) : null;
        string? bsuid = IsBsuid(named) ? named : IsBsuid(address) ? address : null;
        string? replyTo = phone is not null || IsBsuid(address) ? address : bsuid;
        if (replyTo is null) return false;

        JsonElement contact = change.Contact(phone, bsuid);
        if (contact.Hint("user_id"u8) is { } id && IsBsuid(id)) bsuid ??= id;
        if (PhoneNumbers.Plain(contact.StringOrNumber("wa_id"u8)) is { } waId && IsNumber(waId))
            phone ??= PhoneNumbers.Canonical(waId);
        string? name = contact.TryGetObject("profile"u8, out JsonElement profile) ? profile.Hint("name"u8) : null;
        customer = new MetaCustomer(replyTo, Identify(bsuid, phone), name)
        {
            IdentityHash = contact.Hint("identity_key_hash"u8),
        };
        return true;
    }

    /// <summary>Two letters of a country and a dot; a phone never looks like that.</summary>
    public static bool IsBsuid(string? value) => value is { Length: > 3 and <= MaxBsuid } && value[2] == '.'
        && char.IsAsciiLetterUpper(value[0]) && char.IsAsciiLetterUpper(value[1]);

    /// <summary>Test numbers are shorter than any that can be dialled.</summary>
    private static bool IsNumber(string? value) =>
        PhoneNumbers.IsDigits(value) || value is { Length: 4 } && value.All(char.IsAsciiDigit);

    private static IdentityKey[] Identify(string? bsuid, string? phone) => (bsuid, phone) switch
    {
        (not null, not null) => [new IdentityKey("bsuid", bsuid), new IdentityKey("phone", phone)],
        (not null, null) => [new IdentityKey("bsuid", bsuid)],
        (null, not null) => [new IdentityKey("phone", phone)],
        _ => [],
    };
}
