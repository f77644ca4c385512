using System.Text;
using System.Text.RegularExpressions;

namespace Vellarys.Flows.Survey;

/// <summary>
/// A text twice: as written, and plain for matching (lower case, no accents). Both are equally long, so that a match in
/// one is a place in the other.
/// </summary>
/// <param name="Written">Without the scale that the customer repeated, and without keycaps.</param>
internal sealed record ScoreText(string Written, string Plain)
{
    private const string Accented = "àáâãäåçèéêëìíîïñòóôõöùúûü";
    private const string Bare = "aaaaaaceeeeiiiinooooouuuu";

    public static ScoreText Of(string text)
    {
        // 9️⃣ is a 9 with two marks behind it.
        string written = Composed(text).Replace("\U0001F51F", "10", StringComparison.Ordinal)
            .Replace("\uFE0F", "", StringComparison.Ordinal).Replace("\u20E3", "", StringComparison.Ordinal);
        string plain = string.Create(written.Length, written, static (span, from) =>
        {
            for (int i = 0; i < span.Length; i++) span[i] = Fold(from[i]);
        });
        foreach (Match scale in ScoreWords.Scale().Matches(plain))
        {
            written = Blank(written, scale);
            plain = Blank(plain, scale);
        }

        return new ScoreText(written, plain);
    }

    public string Before(Match match) => Plain[..match.Index];

    public string After(Match match) => Plain[End(match)..];

    public string? CommentBefore(Match match) => SurveyComment.Of(Written[..match.Index]);

    public string? CommentAfter(Match match) => SurveyComment.Of(Written[End(match)..]);

    /// <summary>The comment that is left when the match is taken out.</summary>
    public string? Around(Match match) => (CommentBefore(match), CommentAfter(match)) switch
    {
        ({ } before, { } after) => $"{before}, {after}",
        (var before, var after) => before ?? after,
    };

    private static int End(Match match) => match.Index + match.Length;

    private static string Blank(string text, Match match) =>
        string.Concat(text.AsSpan(0, match.Index), new string(' ', match.Length), text.AsSpan(End(match)));

    private static char Fold(char c)
    {
        char lower = char.ToLowerInvariant(c);
        int at = lower < 0x80 ? -1 : Accented.IndexOf(lower, StringComparison.Ordinal);
        return at >= 0 ? Bare[at] : lower is '’' or '‘' ? '\'' : lower;
    }

    private static string Composed(string text)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return text; // A lone surrogate.
        }
    }
}
