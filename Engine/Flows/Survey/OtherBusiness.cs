using System.Text.RegularExpressions;
using Vellarys.Assistant;
using Vellarys.Assistant.Offline;

namespace Vellarys.Flows.Survey;

/// <summary>Whether a text wants something, so that the assistant must answer it, whatever else it says.</summary>
internal static partial class OtherBusiness
{
    public static bool IsIn(string text)
    {
        string folded = TextFold.Fold(text);
        return folded.Contains('?', StringComparison.Ordinal) || Greets().IsIn(folded) || Wants().IsIn(folded)
            || Asks().IsIn(folded) || IntentRules.WantsPerson(folded);
    }

    [GeneratedRegex(
        @"^\W*((oi+|ola|opa|bom dia|boa tarde|boa noite|hola|buenas( tardes| noches)?|buenos dias|hello|hi|hey"
        + @"|good (morning|afternoon|evening)|tudo bem)\W*)+$",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Greets();

    [GeneratedRegex(
        @"\b(quero|queria|gostaria de|preciso( de)?|quiero|quisiera|necesito|i want|i need|i'd like|i would like)\b"
        + @"(?! (to |que |muito |so |solo |lhes? |les |deixar )*(agradec|elogi|parabeniz|dizer|decir|deixar|recomend"
        + @"|felicit|thank|say|praise|congrat|expres|mais (atenc|respeit|agilid)))"
        + @"|\b(por favor|please|pfv)\b|\b(me (ve|manda|envia|passa|liga|ajuda|ayuda|mandas?)|send me|call me|help me"
        + @"|cade|pode(m|ria|riam)? me|puedes?( me)?|podrias|can you|could you)\b",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, Patterns.LimitMs)]
    private static partial Regex Wants();

    [GeneratedRegex(
        @"\b(quanto (custa|e|fica|sai|ta)|qual (o|a|e)|quais|onde (fica|esta|e)|que horas|a que hora|tem em estoque"
        + @"|cuanto (cuesta|vale|es|sale)|cual es|donde (esta|queda)|how much|what time|where is|do you have)\b",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, Patterns.LimitMs)]
    private static partial Regex Asks();
}
