using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Vellarys.Assistant.Model;

/// <summary>
/// JSON as models write it: with raw line feeds in strings, escapes that JSON does not know, and halves of surrogate
/// pairs, on which the framework's own reading throws.
/// </summary>
internal static class ModelJson
{
    private static readonly JsonDocumentOptions Tolerant = new()
    {
        AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Null for what is no JSON even so.</summary>
    public static JsonDocument? TryParse(string text)
    {
        try
        {
            return JsonDocument.Parse(Mended(text), Tolerant);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// Where the object that begins at <paramref name="start"/> ends, its brace included; -1 for one that is cut off.
    /// </summary>
    public static int EndOfObject(string text, int start)
    {
        int depth = 0;
        bool quoted = false;
        for (int i = start; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted && c == '\\') i++;
            else if (c == '"') quoted = !quoted;
            else if (!quoted && c == '{') depth++;
            else if (!quoted && c == '}' && --depth == 0) return i + 1;
        }

        return -1;
    }

    private static string Mended(string text)
    {
        StringBuilder mended = new(text.Length + 16);
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted && c == '\\')
            {
                i += Escape(text, i, mended);
                continue;
            }

            if (c == '"') quoted = !quoted;
            if (quoted && char.IsControl(c)) mended.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else mended.Append(c);
        }

        return mended.ToString();
    }

    // Returns how many characters it took beside the backslash.
    private static int Escape(string text, int at, StringBuilder mended)
    {
        char kind = at + 1 < text.Length ? text[at + 1] : '\0';
        if (kind is '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't')
        {
            mended.Append('\\').Append(kind);
            return 1;
        }

        if (kind != 'u') return 0;
        if (Unit(text, at) is not { } unit) return 1;
        if (!char.IsSurrogate(unit))
        {
            mended.Append(text, at, 6);
            return 5;
        }

        if (Unit(text, at + 6) is not { } low || !char.IsSurrogatePair(unit, low)) return 5;
        mended.Append(text, at, 12);
        return 11;
    }

    private static char? Unit(string text, int at) =>
        at + 6 <= text.Length && text[at] == '\\' && text[at + 1] == 'u' && ushort.TryParse(
            text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit)
            ? (char)unit
            : null;
}
