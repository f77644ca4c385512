using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Vellarys.Channels;

/// <summary>
/// Strings out of a provider's JSON, fit for the database and for normalisation: NUL, lone surrogates and noncharacters
/// become U+FFFD. The framework's own reading throws on an escaped lone surrogate, which customers can send, and its
/// normalisation on U+FFFE.
/// </summary>
internal static class JsonText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text of a JSON string, cut to <paramref name="maxChars"/> without splitting a pair.</summary>
    public static string Read(JsonElement text, int maxChars, out bool isCut) =>
        Read(JsonMarshal.GetRawUtf8Value(text)[1..^1], maxChars, out isCut);

    /// <summary>A property's name, as fit as any text.</summary>
    public static string NameOf(JsonProperty property, int maxChars) =>
        Read(JsonMarshal.GetRawUtf8PropertyName(property), maxChars, out _);

    private static string Read(ReadOnlySpan<byte> raw, int maxChars, out bool isCut)
    {
        char[] buffer = ArrayPool<char>.Shared.Rent(raw.Length);
        try
        {
            Span<char> clean = buffer.AsSpan(0, Unescape(raw, buffer));
            Clean(clean);
            isCut = clean.Length > maxChars;
            if (isCut) clean = clean[..(char.IsHighSurrogate(clean[maxChars - 1]) ? maxChars - 1 : maxChars)];
            return new string(clean);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Whether the raw text of a name or string, without its quotes, says <paramref name="expected"/>, which is ASCII.
    /// </summary>
    public static bool Says(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> expected) =>
        raw.SequenceEqual(expected) || (raw.Contains((byte)'\\') && SaysEscaped(raw, expected));

    /// <summary>Walks both together, so that a long name costs no more than the one it is compared with.</summary>
    private static bool SaysEscaped(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> expected)
    {
        foreach (byte wanted in expected)
        {
            if (raw.IsEmpty) return false;
            int length = 1;
            char says = raw[0] == '\\' ? Escaped(raw, out length) : (char)raw[0];
            if (says != wanted) return false;
            raw = raw[length..];
        }

        return raw.IsEmpty;
    }

    private static int Unescape(ReadOnlySpan<byte> raw, Span<char> to)
    {
        int written = 0;
        while (raw.IndexOf((byte)'\\') is var at and >= 0)
        {
            written += Encoding.UTF8.GetChars(raw[..at], to[written..]);
            to[written++] = Escaped(raw[at..], out int length);
            raw = raw[(at + length)..];
        }

        return written + Encoding.UTF8.GetChars(raw, to[written..]);
    }

    /// <summary>What an escape stands for that <paramref name="raw"/> begins with.</summary>
    private static char Escaped(ReadOnlySpan<byte> raw, out int length)
    {
        byte kind = raw[1];
        length = kind == 'u' ? 6 : 2;
        return kind switch
        {
            (byte)'u' => (char)ushort.Parse(raw.Slice(2, 4), NumberStyles.AllowHexSpecifier, null),
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => (char)kind,
        };
    }

    private static void Clean(Span<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '\0' or >= '\uFFFE' or (>= '\uFDD0' and <= '\uFDEF')) text[i] = Replacement;
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                text[i] = Replacement;
                continue;
            }

            // The last two of each plane are no characters either.
            if ((char.ConvertToUtf32(text[i], text[i + 1]) & 0xFFFE) == 0xFFFE) text[i] = text[i + 1] = Replacement;
            i++;
        }
    }
}
