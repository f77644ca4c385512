using System.Text;
using System.Text.RegularExpressions;

namespace Vellarys.Tests.Support;

/// <summary>
/// Writes a text as a regular expression would have it, or nearly: of alternatives one, of repetitions none or one, by
/// the seed. What must not follow is left out; boundaries are not looked after.
/// </summary>
internal sealed class PatternWriter(string pattern, int seed)
{
    private readonly Random _random = new(seed);
    private int _at;

    public string Write() => Alternatives();

    private char Next => _at < pattern.Length ? pattern[_at] : '\0';

    private string Alternatives()
    {
        List<string> all = [Sequence()];
        while (Next == '|')
        {
            _at++;
            all.Add(Sequence());
        }

        return all[_random.Next(all.Count)];
    }

    private string Sequence()
    {
        StringBuilder text = new();
        while (Next is not ('\0' or '|' or ')'))
        {
            string piece = Piece();
            bool isOptional = Next is '?' or '*' || (Next == '{' && pattern[_at + 1] == '0');
            if (Next == '{') _at = pattern.IndexOf('}', _at) + 1;
            else if (Next is '?' or '*' or '+') _at++;
            if (Next == '?') _at++;
            if (!isOptional || _random.Next(2) == 1) text.Append(piece);
        }

        return text.ToString();
    }

    private string Piece()
    {
        char sign = pattern[_at++];
        return sign switch
        {
            '(' => Group(),
            '[' => Class(),
            '\\' => Escape(pattern[_at++]),
            '.' => " ",
            '^' or '$' => "",
            _ => sign.ToString(),
        };
    }

    private string Group()
    {
        bool isNot = string.CompareOrdinal(pattern, _at, "?!", 0, 2) == 0;
        if (isNot) _at += 2;
        string text = Alternatives();
        _at++;
        return isNot ? "" : text;
    }

    private string Class()
    {
        int end = pattern.IndexOf(']', _at + 1);
        while (pattern[end - 1] == '\\') end = pattern.IndexOf(']', end + 1);
        MatchCollection signs = Regex.Matches(pattern[_at..end], @"\\.|[^\\]");
        _at = end + 1;
        string one = signs[_random.Next(signs.Count)].Value;
        return one.Length == 2 ? Escape(one[1]) : one;
    }

    private static string Escape(char sign) =>
        sign switch { 'b' => "", 'w' => "a", 's' => " ", 'd' => "1", _ => sign.ToString() };
}
