using System.Buffers;
using System.Text;

namespace Vellarys.Assistant.Guard;

/// <summary>
/// Undoes what hides words from a reader of rules: leet digits, letters spaced out, text within base64.
/// </summary>
internal static class GuardFold
{
    private const int LeastEncoded = 20;

    private static readonly SearchValues<char> Encoded = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-=");

    /// <summary>Folded text with leet and spacing undone.</summary>
    public static string Fold(string text)
    {
        string folded = TextFold.Fold(text);
        if (HasSpacedLetters(folded)) folded = Joined(folded);
        return HasLeet(folded) ? Unleeted(folded) : folded;
    }

    /// <summary>What long base64 words of the text say, where they say something readable; empty otherwise.</summary>
    public static string Decoded(string text)
    {
        if (text.Length < 24) return "";
        StringBuilder said = new();
        foreach (string run in EncodedWords(text))
        {
            string word = run.Replace('-', '+').Replace('_', '/');
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

    // Five letters or more in a row, each with one sign between it and the next, made one word.
    private static string Joined(string folded)
    {
        StringBuilder joined = new(folded.Length);
        for (int i = 0; i < folded.Length; i++)
        {
            int letters = i > 0 && char.IsAsciiLetterOrDigit(folded[i - 1]) ? 0 : SpacedLetters(folded, i);
            for (int n = 0; n < letters - 1; n++, i += 2) joined.Append(folded[i]);
            joined.Append(folded[i]);
        }

        return joined.ToString();
    }

    // How many letters stand alone from there on; zero for fewer than five.
    private static int SpacedLetters(string folded, int start)
    {
        int last = start;
        while (last + 2 < folded.Length && char.IsAsciiLetterOrDigit(folded[last]) && IsGap(folded[last + 1])
            && char.IsAsciiLetterOrDigit(folded[last + 2]))
            last += 2;
        // The last one may begin a word.
        if (last > start && last + 1 < folded.Length && char.IsAsciiLetterOrDigit(folded[last + 1])) last -= 2;
        int letters = ((last - start) / 2) + 1;
        return letters >= 5 ? letters : 0;
    }

    private static bool IsGap(char c) => c is ' ' or '.' or '-' or '_' or '*';

    // Long words of nothing but the signs of base64, without the padding at their end.
    private static IEnumerable<string> EncodedWords(string text)
    {
        for (int start = 0; start < text.Length;)
        {
            int from = text.AsSpan(start).IndexOfAny(Encoded);
            if (from < 0) yield break;
            start += from;
            int length = text.AsSpan(start).IndexOfAnyExcept(Encoded);
            if (length < 0) length = text.Length - start;
            string run = text.Substring(start, length);
            start += length;
            string word = run.TrimEnd('=');
            bool isPadded = run.Length - word.Length <= 2 && !word.Contains('=', StringComparison.Ordinal);
            if (isPadded && word.Length >= LeastEncoded) yield return word;
        }
    }
}
