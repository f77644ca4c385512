using System.Text;
using System.Text.Json;

namespace Vellarys.Channels.Gateways.Calls;

/// <summary>
/// The words of an error, wherever a gateway put them, in lower case: to be searched, never to be logged or stored, for
/// they name numbers.
/// </summary>
internal static class GatewayErrors
{
    private const int MaxChars = 2_000;
    private const int MaxDepth = 6;

    public static string WordsOf(JsonElement body)
    {
        var words = new StringBuilder();
        Collect(body, words, MaxDepth);
        return words.ToString().ToLowerInvariant();
    }

    /// <summary>Whether one of them is said.</summary>
    public static bool Say(string words, params ReadOnlySpan<string> any)
    {
        foreach (string word in any)
        {
            if (words.Contains(word, StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>WhatsApp is not connected: the phone took the session back, or has not come yet.</summary>
    public static bool SaysDisconnected(string words) => Say(
        words, "connection closed", "disconnected", "not connected", "no session", "logged out", "restore the session",
        "session is not", "session not", "instance is not open", "not logged in", "desconectad", "não conectad");

    /// <summary>There is no such number on WhatsApp.</summary>
    public static bool SaysNoWhatsApp(string words) => Say(
        words, "not on whatsapp", "not registered", "not have whatsapp", "no whatsapp", "does not exist on whatsapp",
        "number does not exist", "phone does not exist", "phone number does not exist", "invalid number",
        "invalid phone", "número inválido", "não existe", "não possui whatsapp", "is not in whatsapp");

    /// <summary>A word of fixed letters for a message in words, so that it can be counted; null for nothing.</summary>
    public static string? Slug(string? message)
    {
        if (string.IsNullOrWhiteSpace(message)) return null;
        var slug = new StringBuilder();
        foreach (char c in message.ToLowerInvariant())
        {
            if (slug.Length == 40) break;
            // Digits are numbers of people as likely as not.
            if (char.IsAsciiLetterLower(c)) slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '_') slug.Append('_');
        }

        return slug.ToString().Trim('_') is { Length: > 0 } word ? word : null;
    }

    private static void Collect(JsonElement value, StringBuilder words, int depth)
    {
        if (words.Length > MaxChars || depth == 0) return;
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                words.Append(JsonText.Read(value, 500, out _)).Append('\n');
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject()) Collect(property.Value, words, depth - 1);
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray()) Collect(item, words, depth - 1);
                break;
        }
    }
}
