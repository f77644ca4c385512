using System.Buffers;
using System.Text.RegularExpressions;
using Vellarys.Assistant.Offline;

namespace Vellarys.Assistant.Model;

/// <summary>
/// The sentence with which models decline, whatever the customer's language. It is said in our own words instead.
/// </summary>
internal static partial class CannedRefusal
{
    private const RegexOptions Options =
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;

    // What each pattern holds in all of its forms: a search for a few words costs less than the pattern.
    private static readonly SearchValues<string> MachineHints =
        SearchValues.Create(["as a", "como "], StringComparison.Ordinal);

    private static readonly SearchValues<string> DeclineHints =
        SearchValues.Create(
            [
                " assist", " help", " comply", " fulfil", " answer", " respond", " continue", " provide", " discuss",
                " engage", " do that", " talk about",
            ],
            StringComparison.Ordinal);

    // Longer, in the customer's own language, it says more than no.
    private const int Bare = 160;

    public static bool Is(string reply, string customerLanguage)
    {
        if (reply.Length > 600) return false;
        string folded = TextFold.Fold(reply).Replace('’', '\'');
        if (folded.AsSpan().ContainsAny(MachineHints) && AsMachine().IsMatch(folded)) return true;
        return folded.AsSpan().ContainsAny(DeclineHints) && Declines().IsMatch(folded)
            && (reply.Length <= Bare || CustomerLanguage.Detect(reply, customerLanguage) != customerLanguage);
    }

    [GeneratedRegex(
        @"^((i ?a?'?m|i am|we are|we're) (very |so |really |truly )?sorry|sorry|i apologi[sz]e( for [a-z ]+)?"
        + @"|unfortunately)?[,.!:;]? ?(but |however,? )?(i|we) ?(can ?'?no?t|can't|'m unable to|am unable to"
        + @"|are unable to|am not able to|'m not able to|won't|will not|must decline to)( be able to)? (assist|help"
        + @"|comply|fulfil|answer|respond|continue|provide|discuss|engage|do that|talk about)",
        Options)]
    private static partial Regex Declines();

    [GeneratedRegex(@"\b(as an? (ai|artificial intelligence)( language)?( model| assistant)?,? i\b"
        + @"|como (um |uma |un |una )?(modelo de lingu?agem|modelo de lenguaje|inteligencia artificial|ia),"
        + @")", Options)]
    private static partial Regex AsMachine();
}
