using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Vellarys.Channels;

/// <summary>
/// Reads only the fields that are used, from JSON that may hold anything. Never throws; of a repeated name the last
/// counts.
/// </summary>
internal static class JsonFields
{
    /// <summary>Keys go into indexes: a longer one is no key of any provider.</summary>
    public const int MaxKey = 256;

    /// <summary>
    /// False when there is no such field, when it is null, and when <paramref name="parent"/> is no object.
    /// </summary>
    public static bool TryGet(this JsonElement parent, ReadOnlySpan<byte> name, out JsonElement value)
    {
        value = default;
        if (parent.ValueKind != JsonValueKind.Object) return false;
        foreach (JsonProperty property in parent.EnumerateObject())
        {
            if (JsonText.Says(JsonMarshal.GetRawUtf8PropertyName(property), name)) value = property.Value;
        }

        return value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
    }

    public static bool TryGetObject(this JsonElement parent, ReadOnlySpan<byte> name, out JsonElement value) =>
        parent.TryGet(name, out value) && value.ValueKind == JsonValueKind.Object;

    public static bool TryGetArray(this JsonElement parent, ReadOnlySpan<byte> name, out JsonElement value) =>
        parent.TryGet(name, out value) && value.ValueKind == JsonValueKind.Array;

    /// <summary>A short text of no consequence; null when it is missing or of another type.</summary>
    public static string? Hint(this JsonElement parent, ReadOnlySpan<byte> name, int maxChars = 200) =>
        parent.TryGet(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? JsonText.Read(value, maxChars, out _)
            : null;

    /// <summary>
    /// An optional key: true with null when it is missing or empty, false when it is of another type or too long.
    /// </summary>
    public static bool TryKey(this JsonElement parent, ReadOnlySpan<byte> name, out string? key)
    {
        key = null;
        if (!parent.TryGet(name, out JsonElement value)) return true;
        if (value.ValueKind != JsonValueKind.String) return false;
        string text = JsonText.Read(value, MaxKey, out bool isCut);
        key = text.Length == 0 ? null : text;
        return !isCut;
    }

    /// <summary>A string, or a number as it is written: providers and their re-sellers send codes both ways.</summary>
    public static string? StringOrNumber(this JsonElement parent, ReadOnlySpan<byte> name, int maxChars = MaxKey)
    {
        if (!parent.TryGet(name, out JsonElement value)) return null;
        if (value.ValueKind == JsonValueKind.String) return JsonText.Read(value, maxChars, out _);
        if (value.ValueKind != JsonValueKind.Number) return null;
        ReadOnlySpan<byte> digits = JsonMarshal.GetRawUtf8Value(value);
        return Encoding.UTF8.GetString(digits[..Math.Min(digits.Length, maxChars)]);
    }

    /// <summary>False for everything else, missing too.</summary>
    public static bool IsTrue(this JsonElement parent, ReadOnlySpan<byte> name) =>
        parent.TryGet(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    /// <summary>The element as the provider wrote it.</summary>
    public static string Raw(this JsonElement element) => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(element));

    /// <summary>Identifies what has no id: SHA-256 of its bytes, in hexadecimal.</summary>
    public static string Fingerprint(this JsonElement element) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonMarshal.GetRawUtf8Value(element)));
}
