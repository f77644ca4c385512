using System.Text.RegularExpressions;
using Vellarys.Assistant;

namespace Vellarys.Flows.Survey;

/// <summary>The customer's own words about a score.</summary>
internal static partial class SurveyComment
{
    private const int MaxChars = 1_000;

    /// <summary>Null where there is nothing to keep: no letters, mere politeness, or "no".</summary>
    public static string? Of(string text)
    {
        string trimmed = text.Trim()
            .TrimStart([',', '.', ';', ':', '!', '-', '–', '—', ')', '(', '…', '|', '*', ' ', '\n'])
            .TrimEnd([',', ';', ':', '-', '–', '—', '(', '*', ' ', '\n']);
        if (!trimmed.Any(char.IsLetter) || Empty().IsIn(TextFold.Fold(trimmed))) return null;
        return trimmed.Length <= MaxChars ? trimmed : trimmed[..Cut(trimmed)];
    }

    // Not between the two halves of an emoji.
    private static int Cut(string text) => char.IsHighSurrogate(text[MaxChars - 1]) ? MaxChars - 1 : MaxChars;

    [GeneratedRegex(
        @"^\W*((muit[oa]s? |muchas |many |tks |e |y |and )*(obrigad[oa]s?|obg|vlw|valeu|gracias|thanks|thank you|thx)"
        + @"|nao( quero)?|no|nope|nada|nothing|nao,? (muito )?obrigad[oa]|no,? gracias|no,? (thanks|thank you)"
        + @"|oi+|ola|bom dia|boa tarde|boa noite|hola|buenas|buenos dias|hello|hi|sim|si|yes|claro|eu|acho|acho que|com"
        + @"|ok|okay|tchau|abracos?|com certeza|sem duvidas?|sin dudas?|con seguridad|for sure|definitely)"
        + @"( (pel[oa] atendimento|a voces|voces|pessoal|a todos))?\W*$",
        RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Empty();
}
