using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Markup;

/// <summary>Bold, italic, strike and links within a line. Addresses and code are not looked into.</summary>
internal static partial class InlineMarkup
{
    // Private characters stand for what is set aside, and in no text of a model.
    private const char Aside = '\uE000';

    private static readonly SearchValues<string> UrlHints =
        SearchValues.Create(["://", "www."], StringComparison.OrdinalIgnoreCase);

    public static string Of(string line, Dictionary<string, string> addresses)
    {
        if (line.Length == 0) return line;
        List<string> aside = [];
        string text = line.Replace(Aside.ToString(), "", StringComparison.Ordinal);
        if (text.Contains('`', StringComparison.Ordinal))
            text = Code().Replace(text, m => SetAside(aside, "`" + m.Groups["code"].Value.Trim() + "`"));
        if (text.Contains('[', StringComparison.Ordinal))
        {
            text = Reference().Replace(text, m => addresses.TryGetValue(
                m.Groups["name"].Value, out string? url) ? $"[{m.Groups["text"].Value}]({url})" : m.Value);
            text = Link().Replace(text, m => Linked(m, aside));
        }

        if (text.AsSpan().ContainsAny(UrlHints))
            text = Url().Replace(text, m => SetAside(aside, m.Groups["url"].Value));
        text = Emphasis(text);
        for (int i = aside.Count - 1; i >= 0; i--)
            text = text.Replace($"{Aside}{i}{Aside}", aside[i], StringComparison.Ordinal);
        return text;
    }

    private static string SetAside(List<string> aside, string text)
    {
        aside.Add(text);
        return $"{Aside}{aside.Count - 1}{Aside}";
    }

    private static string Linked(Match link, List<string> aside)
    {
        string text = link.Groups["text"].Value.Trim();
        string url = link.Groups["url"].Value.Trim().Trim('<', '>');
        string shown = url.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)
            || url.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? url[(url.IndexOf(':') + 1)..] : url;
        bool leads = shown.Length < url.Length || url.StartsWith("http", StringComparison.OrdinalIgnoreCase)
            || url.StartsWith("www.", StringComparison.OrdinalIgnoreCase);
        // An anchor, a path, a script: nothing that a customer could follow.
        if (!leads) return text;
        if (text.Length == 0 || Same(text, shown)) return SetAside(aside, shown);
        return $"{text} ({SetAside(aside, shown)})";
    }

    private static bool Same(string text, string url)
    {
        string bare = text.Trim('*', '_', '<', '>').TrimEnd('/');
        return url.TrimEnd('/').EndsWith(bare, StringComparison.OrdinalIgnoreCase)
            && bare.Contains('.', StringComparison.Ordinal) && bare.Length >= url.Length - "https://www.".Length - 1;
    }

    private static string Emphasis(string text)
    {
        text = Paired(text, "***", "*_", "_*");
        text = Paired(text, "**", "*", "*");
        text = Underscored(text);
        return Paired(text, "~~", "~", "~");
    }

    // Marks without their twin go: half of a pair says nothing to anybody.
    private static string Paired(string text, string mark, string open, string close)
    {
        int first = text.IndexOf(mark, StringComparison.Ordinal);
        if (first < 0) return text;
        StringBuilder said = new(text.Length);
        int from = 0;
        for (int start = first; start >= 0; start = text.IndexOf(mark, from, StringComparison.Ordinal))
        {
            said.Append(text, from, start - from);
            int inner = start + mark.Length;
            int end = text.IndexOf(mark, inner, StringComparison.Ordinal);
            if (end < 0)
            {
                from = inner;
                continue;
            }

            string marked = text[inner..end].Trim();
            if (open == "*") marked = marked.Replace("*", "", StringComparison.Ordinal);
            if (marked.Length > 0) said.Append(open).Append(marked).Append(close);
            from = end + mark.Length;
        }

        return said.Append(text, from, text.Length - from).ToString();
    }

    // Within a word they belong to it, and a longer row is a line to fill in.
    private static string Underscored(string text) => text.Contains("__", StringComparison.Ordinal)
        ? Strong().Replace(text, m => m.Groups["text"].Success
            ? $"{m.Groups["before"].Value}*{m.Groups["text"].Value.Trim('*')}*{m.Groups["after"].Value}"
            : m.Value)
        : text;

    private const RegexOptions Options =
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    [GeneratedRegex(@"`+(?<code>[^`]+)`+", Options)]
    private static partial Regex Code();

    [GeneratedRegex(@"!?\[(?<text>[^\[\]]*)\]\((?<url>[^\s()]*(\([^\s()]*\)[^\s()]*)*)(\s+""[^""]*"")?\s*\)"
        + @"|!?\[(?<text>[^\[\]]+)\] \((?<url>(https?://|www\.)[^\s()]+)\)", Options | RegexOptions.IgnoreCase)]
    private static partial Regex Link();

    [GeneratedRegex(@"!?\[(?<text>[^\[\]]+)\] ?\[(?<name>[^\[\]]+)\]", Options)]
    private static partial Regex Reference();

    [GeneratedRegex(@"<?(?<url>(https?://|www\.)[^\s<>""*" + "\uE000" + @"]*[^\s<>""*.,;:!?)" + "\uE000" + @"])>?",
        Options | RegexOptions.IgnoreCase)]
    private static partial Regex Url();

    [GeneratedRegex(@"(?<before>^|[^\w])__(?<text>[^_\s]([^_]|_[^_])*)__(?<after>[^\w]|$)|_{3,}", Options)]
    private static partial Regex Strong();
}
