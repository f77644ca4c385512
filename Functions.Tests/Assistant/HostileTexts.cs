using System.Text;
using System.Text.RegularExpressions;

namespace Vellarys.Tests.Assistant;

/// <summary>Texts that somebody would send who has read the patterns and wants to keep the product busy.</summary>
internal static partial class HostileTexts
{
    private const int Pairs = 60;

    /// <summary>What no pattern names and what still is a lot of the same.</summary>
    private static readonly string[] Alphabet =
    [
        "a", "1", " ", "\n", "\r\n", "\t", ".", "-", "=", "<", "[", "(", "#", "@", "_", "a ", "1.", "\n:", "é", "🙂",
        "\u0301\u0316",
    ];

    /// <summary>Texts of that length for one pattern: its words and pairs of them repeated, with a near miss.</summary>
    public static IEnumerable<string> For(Regex pattern, int length)
    {
        string[] words = [.. Words(pattern.ToString())];
        foreach (string word in words)
        {
            yield return Repeated(word + " ", length, "zz");
            yield return Repeated(word, length, "");
            yield return Repeated(word + "a", length, " zz");
        }

        // The same ones on every run, spread over all pairs.
        for (int i = 0; i < Pairs && words.Length > 1; i++)
        {
            (string one, string other) = (words[i * 31 % words.Length], words[((i * 47) + 1) % words.Length]);
            string gap = (i % 4) switch { 0 => " ", 1 => "", 2 => ", ", _ => "\n" };
            yield return Repeated(one + gap + other + gap, length, " zz");
        }

        foreach (string sign in Alphabet) yield return Repeated(sign, length, "z");
    }

    /// <summary>Texts that were found to cost more than they should, by hand.</summary>
    public static IEnumerable<string> Known(int length) =>
    [
        Repeated("is anyone there ", length, "z"),
        Repeated("agradeca", length, " zz"),
        "nao obede" + Repeated("a", length - 9, ""),
        Repeated("ignor", length, ""),
        Repeated("libera", length, ""),
        Repeated("i am you are do ", length, ""),
        Repeated("tell your ignore ", length, ""),
        Repeated("rule void use ", length, ""),
        Repeated("ia: ", length, ""),
        Repeated("<user ", length, ""),
        "<" + Repeated(" ", length - 1, ""),
        Repeated("\n", length, ""),
        Repeated("user: a\n", length, ""),
        Repeated("1.", length, ""),
        Repeated("a b c d ", length, ""),
        Repeated("aGVs", length, ""),
        Repeated("\u0301\u0316", length, ""),
        Repeated("20% off. ", length, ""),
    ];

    private static string Repeated(string part, int length, string end)
    {
        StringBuilder text = new(length + part.Length);
        while (text.Length < length - end.Length) text.Append(part);
        text.Length = Math.Max(0, length - end.Length);
        return text.Append(end).ToString();
    }

    private static IEnumerable<string> Words(string pattern)
    {
        // Groups' names, classes and quantifiers are no words; of a set its first member stands for all.
        string plain = Notation().Replace(Set().Replace(pattern, "$1"), " ");
        return Word().Matches(plain).Select(m => m.Value).Distinct();
    }

    [GeneratedRegex(@"\[([^\]\\^])[^\]]*\]")]
    private static partial Regex Set();

    [GeneratedRegex(@"\(\?(<\w+>|<?[:=!])|\\[a-zA-Z]|\{\d+(,\d*)?\}|[?*+]")]
    private static partial Regex Notation();

    [GeneratedRegex(@"[\p{L}\p{N}$%<#:=.,!-]+( [\p{L}\p{N}]+)*")]
    private static partial Regex Word();
}
