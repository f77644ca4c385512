using System.Text.Json;

namespace Vellarys.Channels.MetaCloud;

/// <summary>A contact that the customer shares: the name alone is of no use to anybody.</summary>
internal static class MetaCards
{
    private const int MaxPhones = 5;

    public static void Add(MessageDetails details, JsonElement card)
    {
        string? name = card.TryGetObject("name"u8, out JsonElement names) ? names.Hint("formatted_name"u8) : null;
        var parts = new List<string>();
        if (card.TryGetArray("phones"u8, out JsonElement phones))
            parts.AddRange(phones.EnumerateArray().Take(MaxPhones).Select(Phone).OfType<string>());
        if (card.TryGetArray("emails"u8, out JsonElement emails))
            parts.AddRange(emails.EnumerateArray().Take(MaxPhones).Select(e => e.Hint("email"u8)).OfType<string>());
        if (card.TryGetObject("org"u8, out JsonElement company) && company.Hint("company"u8) is { } works)
            parts.Add(works);
        details.Add("contact", parts.Count == 0 ? name : $"{name}: {string.Join(", ", parts)}");
    }

    /// <summary>As it is written; WhatsApp's own form of it too, where the digits differ.</summary>
    private static string? Phone(JsonElement phone)
    {
        string? written = phone.StringOrNumber("phone"u8, 40);
        string? known = phone.StringOrNumber("wa_id"u8, 40);
        return written is null || known is null || PhoneNumbers.Plain(written) == known
            ? written ?? known
            : $"{written} (WhatsApp {known})";
    }
}
