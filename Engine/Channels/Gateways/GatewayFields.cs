using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Vellarys.Channels.Gateways;

/// <summary>
/// Fields of JSON that several programs write, each with its own idea of capitals (<c>stanzaId</c>, <c>stanzaID</c>)
/// and of types (a flag as <c>"False"</c>, a number as <c>{"low","high"}</c>). Never throws.
/// </summary>
internal static class GatewayFields
{
    /// <summary>Whatever its capitals; of several the last. False for null.</summary>
    public static bool Find(this JsonElement parent, ReadOnlySpan<byte> name, out JsonElement value)
    {
        value = default;
        if (parent.ValueKind != JsonValueKind.Object) return false;
        foreach (JsonProperty property in parent.EnumerateObject())
        {
            if (Ascii.EqualsIgnoreCase(JsonMarshal.GetRawUtf8PropertyName(property), name)) value = property.Value;
        }

        return value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
    }

    /// <summary>The object of that name, or one in which every look finds nothing.</summary>
    public static JsonElement Part(this JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.Find(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value : default;

    /// <summary>The items of a list of that name; none where there is no list.</summary>
    public static IEnumerable<JsonElement> List(this JsonElement parent, ReadOnlySpan<byte> name, int most = 30) =>
        parent.Find(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().Take(most)
            : [];

    /// <summary>A text that is not empty, cut where it is too long; null otherwise.</summary>
    public static string? Text(this JsonElement parent, ReadOnlySpan<byte> name, int maxChars = 200)
    {
        if (!parent.Find(name, out JsonElement value) || value.ValueKind != JsonValueKind.String) return null;
        string text = JsonText.Read(value, maxChars, out _);
        return text.Length == 0 ? null : text;
    }

    /// <summary>An id of the provider's: a text that fits into an index, or a number; null otherwise.</summary>
    public static string? Key(this JsonElement parent, ReadOnlySpan<byte> name)
    {
        if (!parent.Find(name, out JsonElement value)) return null;
        if (value.ValueKind == JsonValueKind.Number) return Digits(value);
        if (value.ValueKind != JsonValueKind.String) return null;
        string text = JsonText.Read(value, JsonFields.MaxKey, out bool isCut);
        return isCut || string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>A text, or a number as it is written.</summary>
    public static string? Word(this JsonElement parent, ReadOnlySpan<byte> name, int maxChars = 64) =>
        !parent.Find(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number ? Digits(value)
        : parent.Text(name, maxChars);

    /// <summary>True, or a text or number that says so.</summary>
    public static bool Flag(this JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.Find(name, out JsonElement value) && value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.Number => Digits(value) == "1",
            JsonValueKind.String => JsonText.Read(value, 8, out _).ToUpperInvariant() is "TRUE" or "1",
            _ => false,
        };

    /// <summary>A whole number that is not negative, written in any of the ways; null otherwise.</summary>
    public static long? Number(this JsonElement parent, ReadOnlySpan<byte> name)
    {
        if (!parent.Find(name, out JsonElement value)) return null;
        if (value.ValueKind == JsonValueKind.Object)
        {
            // A 64-bit number of a language that has none: the halves are signed.
            if (Whole(value.Word("low"u8)) is not { } low) return null;
            long whole = ((Whole(value.Word("high"u8)) ?? 0) << 32) | (low & 0xFFFF_FFFFL);
            return whole < 0 ? null : whole;
        }

        return Whole(parent.Word(name)) is { } number and >= 0 ? number : null;
    }

    private static string Digits(JsonElement value)
    {
        ReadOnlySpan<byte> raw = JsonMarshal.GetRawUtf8Value(value);
        return Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, 64)]);
    }

    private static long? Whole(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole) ? whole
        // 5606601.0, 1.76e9: as languages without whole numbers write them.
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real)
            && Math.Abs(real) < 1e15 ? (long)real
        : null;
}
