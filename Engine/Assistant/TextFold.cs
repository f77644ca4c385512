using System.Globalization;
using System.Text;

namespace Vellarys.Assistant;

/// <summary>
/// Brings text to a form that rules can be matched on: lower case, no accents, no invisible characters, letters that
/// only look Latin made Latin, white space collapsed. Punctuation stays.
/// </summary>
internal static class TextFold
{
    // Cyrillic and Greek letters that pass for Latin ones, beside what they pass for.
    private const string Lookalikes = "аеорсухіјѕԁһкмтвнпοαενικρτυχς";
    private const string LooksLike = "aeopcyxijsdhkmtbhnoaevikptuxs";

    public static string Fold(string text)
    {
        if (NeedsDecomposition(text)) text = Normalized(text);
        StringBuilder folded = new(text.Length);
        bool space = true;
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                if (!space) folded.Append(' ');
                space = true;
                continue;
            }

            char plain = c < 0x80 ? char.ToLowerInvariant(c) : Latin(c);
            if (plain == '\0') continue;
            folded.Append(plain);
            space = false;
        }

        if (folded.Length > 0 && folded[^1] == ' ') folded.Length--;
        return folded.ToString();
    }

    /// <summary>Words of folded text: runs of letters and digits.</summary>
    public static List<string> Words(string folded)
    {
        List<string> words = [];
        int start = -1;
        for (int i = 0; i <= folded.Length; i++)
        {
            bool inside = i < folded.Length && char.IsLetterOrDigit(folded[i]);
            if (inside && start < 0) start = i;
            if (inside || start < 0) continue;
            words.Add(folded[start..i]);
            start = -1;
        }

        return words;
    }

    // Everything up to Latin Extended-A is folded by Latin() below without allocating.
    private static bool NeedsDecomposition(string text) => text.AsSpan().ContainsAnyExceptInRange('\0', '\u017F');

    private static string Normalized(string text)
    {
        try
        {
            return Unmarked(text).Normalize(NormalizationForm.FormKD);
        }
        catch (ArgumentException)
        {
            return text; // A lone surrogate; intake cleans them, pasted documents may not.
        }
    }

    // Folding drops marks anyway, and a long row of them would be sorted, at a cost that grows with its square.
    private static string Unmarked(string text)
    {
        StringBuilder? kept = null;
        for (int i = 0; i < text.Length; i++)
        {
            bool isMark = char.GetUnicodeCategory(text[i])
                is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
            if (isMark) kept ??= new StringBuilder(text, 0, i, text.Length);
            else kept?.Append(text[i]);
        }

        return kept?.ToString() ?? text;
    }

    private static char Latin(char c)
    {
        if (c <= '\u017F')
        {
            const string Accented = "àáâãäåçèéêëìíîïñòóôõöøùúûüýÿªº";
            const string Bare = "aaaaaaceeeeiiiinoooooouuuuyyao";
            char lower = char.ToLowerInvariant(c);
            int at = Accented.IndexOf(lower, StringComparison.Ordinal);
            if (at >= 0) return Bare[at];
            if (c == '\u00AD') return '\0';
            return c < 0x100 ? lower : Decomposed(lower);
        }

        UnicodeCategory category = char.GetUnicodeCategory(c);
        if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format or UnicodeCategory.EnclosingMark)
            return '\0';
        char small = char.ToLowerInvariant(c);
        int twin = Lookalikes.IndexOf(small, StringComparison.Ordinal);
        if (twin >= 0) return LooksLike[twin];
        return small is '“' or '”' or '„' ? '"' : small is '’' or '‘' ? '\'' : small;
    }

    private static char Decomposed(char c)
    {
        string parts = c.ToString().Normalize(NormalizationForm.FormKD);
        return parts[0];
    }
}
