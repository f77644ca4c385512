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

    // Longer, in the customer's own language, it says more than no.
    private const int Bare = 160;

    public static bool Is(string reply, string customerLanguage)
    {
        if (reply.Length > 600) return false;
        string folded = TextFold.Fold(reply).Replace('’', '\'');
        if (AsMachine().IsMatch(folded)) return true;
        return Declines().IsMatch(folded)
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
