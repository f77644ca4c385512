using System.Net;
using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Markup;

/// <summary>
/// The few tags of HTML that models use, as Markdown; others that they know go, and what they hold stays.
/// </summary>
internal static partial class HtmlMarkup
{
    public static string ToMarkdown(string text)
    {
        if (text.Contains('<', StringComparison.Ordinal))
        {
            text = Link().Replace(text, m => $"[{m.Groups["text"].Value}]({m.Groups["url"].Value})");
            text = Tag().Replace(text, m => Meaning(
                m.Groups["name"].Value.ToUpperInvariant(), m.Value.StartsWith("</", StringComparison.Ordinal)));
        }

        if (!text.Contains('&', StringComparison.Ordinal)) return text;
        return Entity().Replace(text, m => WebUtility.HtmlDecode(m.Value).Replace('\u00A0', ' '));
    }

    private static string Meaning(string tag, bool ends) => tag switch
    {
        "B" or "STRONG" => "**",
        "I" or "EM" => "_",
        "S" or "DEL" or "STRIKE" => "~~",
        "CODE" => "`",
        "BR" or "HR" => "\n",
        "LI" when !ends => "\n- ",
        "H" when !ends => "\n## ",
        "P" or "DIV" or "UL" or "OL" or "H" or "TR" when ends => "\n",
        _ => "",
    };

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
        | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    [GeneratedRegex(@"<a\s[^<>]*href\s*=\s*[""'](?<url>[^""'<>]*)[""'][^<>]*>(?<text>[^<>]*)</a>", Options)]
    private static partial Regex Link();

    [GeneratedRegex(
        @"</?((?<name>br|hr|b|strong|i|em|u|p|div|span|ul|ol|li|s|del|strike|code|pre|table|tr|td|th|a|font|small)"
        + @"|(?<name>h)[1-6])(\s[^<>]*)?/?>", Options)]
    private static partial Regex Tag();

    [GeneratedRegex(@"&(nbsp|amp|lt|gt|quot|apos|#39|#x27|ndash|mdash|hellip|bull);", Options)]
    private static partial Regex Entity();
}
