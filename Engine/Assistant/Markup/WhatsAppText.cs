using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Vellarys.Assistant.Model;

namespace Vellarys.Assistant.Markup;

/// <summary>
/// Markdown and HTML, which models write whatever they are told, in WhatsApp's own markup: *bold*, _italic_, ~strike~,
/// bullets, plain addresses. Text without either comes back as it is.
/// </summary>
internal static partial class WhatsAppText
{
    private static readonly SearchValues<char> Marks = SearchValues.Create("*_#[`|~\\<&=+>\n");

    public static string Of(string text)
    {
        text = CleanText.Of(text).Trim();
        if (!text.AsSpan().ContainsAny(Marks) && !text.StartsWith("- ", StringComparison.Ordinal)) return text;
        List<string> lines = [.. HtmlMarkup.ToMarkdown(Unescaped(text)).Split('\n')];
        StringBuilder said = new(text.Length);
        int blank = 0;
        foreach (string line in Blocks(lines))
        {
            string shown = line.TrimEnd();
            blank = shown.Length == 0 ? blank + 1 : 0;
            if (blank < 2) said.Append(shown).Append('\n');
        }

        return said.ToString().Trim();
    }

    private static IEnumerable<string> Blocks(List<string> lines)
    {
        Dictionary<string, string> addresses = Addresses(lines);
        for (int i = 0; i < lines.Count; i++)
        {
            if (Starts(lines[i], "`~") && Fence().Match(lines[i]) is { Success: true } fence)
            {
                int end = lines.FindIndex(i + 1, l => Starts(l, "`~") && Fence().IsMatch(l));
                if (end < 0) continue;
                foreach (string line in Fenced(fence.Groups["language"].Value, lines[(i + 1)..end])) yield return line;
                i = end;
                continue;
            }

            if (TableMarkup.TryRead(lines, i, out int after, out List<string> rows))
            {
                foreach (string row in rows) yield return InlineMarkup.Of(row, addresses);
                i = after - 1;
                continue;
            }

            // Underlined with ===: a heading. With ---, or alone: a rule.
            if (i + 1 < lines.Count && Starts(lines[i + 1], "=") && lines[i].Trim().Length > 0
                && Underline().IsMatch(lines[i + 1]))
            {
                yield return Heading(lines[i], addresses);
                i++;
                continue;
            }

            yield return Line(lines[i], addresses);
        }
    }

    private static string Line(string line, Dictionary<string, string> addresses)
    {
        if (!Starts(line, "-*_=—[#+•")) return InlineMarkup.Of(line, addresses);
        if (Rule().IsMatch(line) || Address().IsMatch(line)) return "";
        if (HeadingLine().Match(line) is { Success: true } heading)
            return Heading(heading.Groups["text"].Value, addresses);
        if (Item().Match(line) is not { Success: true } item) return InlineMarkup.Of(line, addresses);
        return item.Groups["indent"].Value + "• " + InlineMarkup.Of(item.Groups["text"].Value, addresses);
    }

    // Most lines are plain, and a pattern costs more than a look at their first sign.
    private static bool Starts(string line, string signs) =>
        line.AsSpan().TrimStart() is [char first, ..] && signs.Contains(first, StringComparison.Ordinal);

    private static string Heading(string text, Dictionary<string, string> addresses)
    {
        string plain = InlineMarkup.Of(text.Trim(), addresses).Replace("*", "", StringComparison.Ordinal).Trim();
        return plain.Length == 0 ? "" : $"*{plain}*";
    }

    private static IEnumerable<string> Fenced(string language, List<string> lines)
    {
        // A whole reply in a fence is a reply.
        if (language.ToUpperInvariant() is "MARKDOWN" or "MD" or "TEXT" or "TXT" or "HTML") return Blocks(lines);
        return lines.Count == 0 ? [] : ["```" + string.Join('\n', lines) + "```"];
    }

    // [text][1], and further down [1]: https://...
    private static Dictionary<string, string> Addresses(List<string> lines)
    {
        Dictionary<string, string> found = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines)
        {
            if (Starts(line, "[") && Address().Match(line) is { Success: true } m)
                found[m.Groups["name"].Value] = m.Groups["url"].Value;
        }

        return found;
    }

    // A line feed that was escaped once too often reads \n; a path of Windows is left alone.
    private static string Unescaped(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        return Escaped().Replace(text, m => m.Groups["path"].Success ? m.Value : m.Value switch
        {
            "\\r\\n" or "\\n" => "\n",
            "\\r" => "",
            "\\t" => " ",
            ['\\', 'u', ..] => Character(m.Value),
            _ => m.Value[1..],
        });
    }

    private static string Character(string escape)
    {
        using System.Text.Json.JsonDocument? document = ModelJson.TryParse($"\"{escape}\"");
        return CleanText.Of(document?.RootElement.GetString() ?? "");
    }

    private const RegexOptions Options =
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    [GeneratedRegex(@"^\s*(```+|~~~+)[ \t]*(?<language>[\w+#.-]*)[ \t]*$", Options)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^\s*={3,}\s*$", Options)]
    private static partial Regex Underline();

    [GeneratedRegex(@"^\s*((-\s*){3,}|(\*\s*){3,}|(_\s*){3,}|={3,}|(—\s*){3,})$", Options)]
    private static partial Regex Rule();

    [GeneratedRegex(@"^\s{0,3}(#{1,6}\s+|#{2,6})(?<text>\S.*?)\s*#*\s*$", Options)]
    private static partial Regex HeadingLine();

    [GeneratedRegex(@"^(?<indent>\s*)[-*+•]\s+(\[[ xX]\]\s+)?(?<text>\S.*)$", Options)]
    private static partial Regex Item();

    [GeneratedRegex(@"^\s{0,3}\[(?<name>[^\[\]]+)\]:\s*<?(?<url>(https?://|www\.)[^\s<>]+)>?.*$", Options)]
    private static partial Regex Address();

    [GeneratedRegex(@"(?<path>\b[A-Za-z]:\\[^\s""]*)|\\r\\n|\\[nrt]|(\\u[0-9a-fA-F]{4})+|\\[*_#\[\]()~`>\-+.!|{}""'/]",
        Options)]
    private static partial Regex Escaped();
}
