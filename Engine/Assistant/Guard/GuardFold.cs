using System.Text;
using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Guard;

/// <summary>
/// Undoes what hides words from a reader of rules: leet digits, letters spaced out, text within base64.
/// </summary>
internal static partial class GuardFold
{
    /// <summary>Folded text with leet and spacing undone.</summary>
    public static string Fold(string text)
    {
        string folded = TextFold.Fold(text);
        if (HasSpacedLetters(folded)) folded = SpacedOut().Replace(folded, m => Gap().Replace(m.Value, ""));
        return HasLeet(folded) ? Unleeted(folded) : folded;
    }

    /// <summary>What long base64 words of the text say, where they say something readable; empty otherwise.</summary>
    public static string Decoded(string text)
    {
        if (text.Length < 24) return "";
        StringBuilder said = new();
        foreach (ValueMatch match in Encoded().EnumerateMatches(text))
        {
            string word = text.Substring(match.Index, match.Length).TrimEnd('=').Replace('-', '+').Replace('_', '/');
            byte[] bytes = new byte[word.Length];
            string padded = word.PadRight((word.Length + 3) / 4 * 4, '=');
            if (!Convert.TryFromBase64String(padded, bytes, out int count)) continue;
            string decoded = Encoding.UTF8.GetString(bytes.AsSpan(0, count));
            if (decoded.All(c => c >= ' ' && c != '\uFFFD')) said.Append(decoded).Append(' ');
        }

        return said.ToString();
    }

    // Five words of one letter in a row; costs less than the pattern, and is almost always false.
    private static bool HasSpacedLetters(string folded)
    {
        int length = 0;
        int row = 0;
        foreach (char c in folded)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                if (++length > 1) row = 0;
                continue;
            }

            if (length == 1 && ++row >= 4) return true;
            length = 0;
        }

        return length == 1 && row >= 4;
    }

    // A digit or sign counts as a letter only beside letters: prices, sizes and codes keep theirs.
    private static bool HasLeet(string folded)
    {
        for (int i = 1; i < folded.Length; i++)
        {
            if (Letter(folded[i]) != folded[i] && char.IsAsciiLetter(folded[i - 1])) return true;
            if (Letter(folded[i - 1]) != folded[i - 1] && char.IsAsciiLetter(folded[i])) return true;
        }

        return false;
    }

    private static string Unleeted(string folded)
    {
        char[] plain = folded.ToCharArray();
        for (int i = 0; i < plain.Length; i++)
        {
            char letter = Letter(folded[i]);
            if (letter == folded[i]) continue;
            bool beside = (i > 0 && char.IsAsciiLetter(plain[i - 1]))
                || (i + 1 < plain.Length && char.IsAsciiLetter(plain[i + 1]));
            // A closing exclamation mark is punctuation.
            bool closing = folded[i] == '!' && (i + 1 == plain.Length || !char.IsAsciiLetterOrDigit(folded[i + 1]));
            if (beside && !closing) plain[i] = letter;
        }

        return new string(plain);
    }

    private static char Letter(char c) => c switch
    {
        '0' => 'o',
        '1' or '!' => 'i',
        '3' => 'e',
        '4' or '@' => 'a',
        '5' or '$' => 's',
        '7' => 't',
        _ => c,
    };

    [GeneratedRegex(@"(?<![a-z0-9])(?:[a-z0-9][ .\-_*]){4,}[a-z0-9](?![a-z0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex SpacedOut();

    [GeneratedRegex(@"[ .\-_*]", RegexOptions.CultureInvariant)]
    private static partial Regex Gap();

    [GeneratedRegex(@"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{20,}={0,2}(?![A-Za-z0-9+/_=-])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Encoded();
}
