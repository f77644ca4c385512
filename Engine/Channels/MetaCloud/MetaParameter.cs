using System.Text;

namespace Vellarys.Channels.MetaCloud;

/// <summary>What fills a place in a template.</summary>
internal static class MetaParameter
{
    private const int MostSpaces = 4;

    /// <summary>
    /// Meta refuses new lines, tabs and runs of more than four spaces. Such a run becomes one space; shorter runs of
    /// plain spaces stay.
    /// </summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        while (rest.Length > 0)
        {
            int spaces = 0;
            bool isPlain = true;
            while (spaces < rest.Length && IsGap(rest[spaces])) isPlain &= rest[spaces++] == ' ';
            line.Append(' ', isPlain && spaces <= MostSpaces ? spaces : 1);
            rest = rest[spaces..];

            int letters = 0;
            while (letters < rest.Length && !IsGap(rest[letters])) letters++;
            line.Append(rest[..letters]);
            rest = rest[letters..];
        }

        return line.ToString();
    }

    private static bool IsGap(char c) => c == ' ' || char.IsControl(c) || c is '\u2028' or '\u2029';
}
