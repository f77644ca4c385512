using System.Text.RegularExpressions;

namespace Vellarys.Flows.Survey;

/// <summary>
/// A score as a customer writes it, in Portuguese, Spanish or English, with what else was said about it.
/// </summary>
/// <remarks>
/// In doubt it is no score: a customer who wants two chairs must not become a detractor. "Nota 9" and "dou 9" count
/// anywhere; a bare number counts at the start, or after words of praise or blame, and only when nothing follows that
/// it could be the number of. Halves and "8 ou 9" are rounded down, because nobody gave the higher score. Scores of
/// different things ("atendimento 10, entrega nota 5") are no score.
/// </remarks>
/// <param name="Score">Within the kind's scale.</param>
/// <param name="Comment">In the customer's own words; null when there is none.</param>
internal sealed record SurveyAnswer(int Score, string? Comment)
{
    private const int MaxChars = 1_500;

    public static SurveyAnswer? Read(string text, SurveyKind kind) =>
        Patterns.Read(() => Find(text, kind), null);

    /// <summary>The best that can be given.</summary>
    public static int Top(SurveyKind kind) => kind == SurveyKind.Csat ? 5 : 10;

    private static SurveyAnswer? Find(string text, SurveyKind kind)
    {
        ScoreText read = ScoreText.Of(text.Length <= MaxChars ? text : text[..MaxChars]);
        if (Stars(read, kind) is { } stars) return stars;
        if (ScoreWords.Highest().Match(read.Plain) is { Success: true } highest)
            return ScoreWords.Negated().IsMatch(read.Before(highest)) ? null : new(Top(kind), read.Around(highest));
        MatchCollection named = ScoreWords.Named().Matches(read.Plain);
        return named.Count > 0 ? ReadNamed(read, named, kind) : ReadBare(read, text, kind);
    }

    private static SurveyAnswer? ReadNamed(ScoreText read, MatchCollection named, SurveyKind kind)
    {
        Match first = named[0];
        if (named.Any(m => ScoreOf(m, kind) != ScoreOf(first, kind))) return null;
        if (ScoreWords.Negated().IsMatch(read.Before(first)) || ScoreWords.Quantity().IsMatch(read.After(first)))
            return null;
        return ScoreOf(first, kind) is { } score ? new SurveyAnswer(score, read.Around(first)) : null;
    }

    private static SurveyAnswer? ReadBare(ScoreText read, string text, SurveyKind kind)
    {
        if (OtherBusiness.IsIn(text)) return null;
        if (ScoreWords.AtStart().Match(read.Plain) is { Success: true } start
            && StandsAlone(start, read.After(start)) && ScoreOf(start, kind) is { } score)
            return new SurveyAnswer(score, read.CommentAfter(start));
        if (ScoreWords.AtEnd().Match(read.Plain) is { Success: true } end
            && ScoreWords.Judges().IsMatch(read.Before(end)) && ScoreOf(end, kind) is { } last)
            return new SurveyAnswer(last, read.CommentBefore(end));
        return null;
    }

    /// <summary>What follows a bare number is not what it counts.</summary>
    private static bool StandsAlone(Match match, string after)
    {
        if (!after.Any(char.IsLetterOrDigit)) return true;
        if (ScoreWords.Pause().Match(after) is { Success: true } pause)
            return !ScoreWords.NumberFirst().IsMatch(after[pause.Length..]);
        bool isArticle = ScoreWords.Articles.Contains(match.Groups["n"].Value) && !match.Groups["of"].Success;
        return !isArticle && ScoreWords.Follows().IsMatch(after);
    }

    private static int? ScoreOf(Match match, SurveyKind kind)
    {
        int top = Top(kind);
        if (match.Groups["of"] is { Success: true } of && ScoreWords.Value(of.Value) != top) return null;
        if (match.Groups["star"].Success && kind != SurveyKind.Csat) return null;
        int score = ScoreWords.Value(match.Groups["n"].Value);
        if (score == top && match.Groups["half"].Success) return null;
        if (match.Groups["or"] is { Success: true } or) score = Math.Min(score, ScoreWords.Value(or.Value));
        return score >= (kind == SurveyKind.Csat ? 1 : 0) && score <= top ? score : null;
    }

    private static SurveyAnswer? Stars(ScoreText read, SurveyKind kind)
    {
        if (kind != SurveyKind.Csat || !ScoreWords.OnlyStars().IsMatch(read.Plain)) return null;
        int count = read.Plain.Count(ScoreWords.IsStar);
        return count <= Top(kind) ? new SurveyAnswer(count, null) : null;
    }
}
