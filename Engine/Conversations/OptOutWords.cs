using System.Globalization;
using System.Text;

namespace Vellarys.Conversations;

/// <summary>
/// Words with which a customer leaves or re-joins what a company sends on its own account. Only a whole message counts:
/// "quero parar no centro" is no opt-out.
/// </summary>
internal static class OptOutWords
{
    private static readonly HashSet<string> Out = new(StringComparer.Ordinal)
    {
        "sair", "parar", "pare", "descadastrar", "cancelar inscricao", "remover", "stop", "unsubscribe", "opt out",
        "baja", "darme de baja", "no enviar mas",
    };

    private static readonly HashSet<string> In = new(StringComparer.Ordinal)
    {
        "voltar", "quero voltar", "start", "resume", "opt in", "alta", "volver",
    };

    /// <summary>True to opt out, false to opt in again, null for everything else.</summary>
    public static bool? Read(string text)
    {
        if (text.Length is 0 or > 40) return null;
        string folded = Fold(text);
        if (Out.Contains(folded)) return true;
        return In.Contains(folded) ? false : null;
    }

    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (char c in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            if (char.IsLetter(c)) folded.Append(char.ToLowerInvariant(c));
            else if (folded.Length > 0 && folded[^1] != ' ') folded.Append(' ');
        }

        return folded.ToString().TrimEnd();
    }
}
