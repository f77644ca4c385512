using System.Text.RegularExpressions;

namespace Vellarys.Assistant;

/// <summary>
/// Notes of ours inside a customer's line: what was quoted, tapped, ordered, attached. Their marks are taken out of
/// everything else, so that no customer can write one.
/// </summary>
internal static partial class LineNotes
{
    private const char Open = '⟦';
    private const char Close = '⟧';

    public static string Note(string text) => $"{Open}{Plain(text)}{Close}";

    /// <summary>A text without the marks, whoever wrote it.</summary>
    public static string Plain(string text) =>
        text.AsSpan().ContainsAny(Open, Close) ? text.Replace(Open, '[').Replace(Close, ']') : text;

    /// <summary>What the customer wrote, without our notes.</summary>
    public static string Without(string text) => text.Contains(Open) ? Notes().Replace(text, "") : text;

    [GeneratedRegex(@" ?⟦[^⟧]*⟧", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Notes();
}
