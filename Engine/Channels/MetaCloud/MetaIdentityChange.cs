using System.Text.Json;

namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// System messages about who a customer is:
/// <c>{"from","from_user_id","system":{"type","wa_id","user_id","previous_user_id"}}</c>. Older versions of the API
/// name the new number <c>new_wa_id</c>, the customer <c>customer</c>, and the first type
/// <c>customer_changed_number</c>. They come without <c>contacts</c>.
/// </summary>
internal static class MetaIdentityChange
{
    private const int MaxText = 4_096;

    /// <summary>Null for every other system message, and for one that does not say who or what.</summary>
    public static InboundEvent? Read(MetaChange change, JsonElement item, string id)
    {
        if (!item.TryGetObject("system"u8, out JsonElement system)) return null;
        string? address = Digits(item, "from"u8) ?? Digits(system, "customer"u8);
        string? newNumber = Digits(system, "wa_id"u8) ?? Digits(system, "new_wa_id"u8);
        string? newBsuid = Bsuid(system, "user_id"u8);
        IdentityChange? what = system.Hint("type"u8) switch
        {
            "user_changed_number" or "customer_changed_number" when newNumber is not null => new IdentityChange(
                IdentityChange.Number, PhoneNumbers.Canonical(newNumber), newBsuid, newNumber),
            "user_changed_user_id" when newBsuid is not null => new IdentityChange(
                IdentityChange.UserId, null, newBsuid, newBsuid),
            "customer_identity_changed" when address is not null => new IdentityChange(
                IdentityChange.Owner, null, null, null),
            _ => null,
        };
        List<IdentityKey> known =
        [
            .. new[] { Bsuid(system, "previous_user_id"u8), Bsuid(item, "from_user_id"u8), Bsuid(item, "from"u8) }
                .OfType<string>().Distinct(StringComparer.Ordinal).Select(b => new IdentityKey("bsuid", b)),
        ];
        if (address is not null) known.Add(new IdentityKey("phone", PhoneNumbers.Canonical(address)));
        if (what is null || known.Count == 0) return null;
        return change.Event(InboundKind.Notice, id, "system", item) with
        {
            Address = address ?? known[0].Value,
            Identities = known,
            Text = system.Hint("body"u8, MaxText) ?? "",
            Raw = item.Raw(),
            Change = what,
        };
    }

    private static string? Digits(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.StringOrNumber(name)?.TrimStart('+') is { } digits && PhoneNumbers.IsDigits(digits) ? digits : null;

    private static string? Bsuid(JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.Hint(name) is { } id && MetaCustomer.IsBsuid(id) ? id : null;
}
