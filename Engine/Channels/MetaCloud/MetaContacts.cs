using System.Text.Json;

namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// The profiles of one change, by number and by business-scoped id: read through once, when the first is asked for, so
/// that a body costs its items plus its profiles and not one times the other.
/// </summary>
internal sealed class MetaContacts(JsonElement value)
{
    private readonly Dictionary<string, int> _byPhone = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _byBsuid = new(StringComparer.Ordinal);
    private JsonElement[]? _all;

    /// <summary>The first that has this number or this id.</summary>
    public JsonElement Find(string? phone, string? bsuid)
    {
        _all ??= Index();
        int found = Math.Min(Place(_byPhone, phone), Place(_byBsuid, bsuid));
        return found < _all.Length ? _all[found] : default;
    }

    private static int Place(Dictionary<string, int> places, string? key) =>
        key is not null && places.TryGetValue(key, out int place) ? place : int.MaxValue;

    private JsonElement[] Index()
    {
        if (!value.TryGetArray("contacts"u8, out JsonElement contacts)) return [];
        JsonElement[] all = [.. contacts.EnumerateArray()];
        for (int i = 0; i < all.Length; i++)
        {
            if (PhoneNumbers.Plain(all[i].StringOrNumber("wa_id"u8)) is { } waId)
                _byPhone.TryAdd(PhoneNumbers.Canonical(waId), i);
            if (all[i].Hint("user_id"u8) is { } bsuid) _byBsuid.TryAdd(bsuid, i);
        }

        return all;
    }
}
