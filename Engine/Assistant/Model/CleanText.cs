using System.Text;

namespace Vellarys.Assistant.Model;

/// <summary>
/// Text that the database takes and a customer can read: without NUL and other control characters, halves of surrogate
/// pairs and code points that are no characters. Line feeds and tabs stay.
/// </summary>
internal static class CleanText
{
    public static string Of(string text)
    {
        int first = FirstBad(text, 0);
        if (first < 0) return text;
        StringBuilder clean = new(text.Length);
        int from = 0;
        for (int bad = first; bad >= 0; bad = FirstBad(text, from))
        {
            clean.Append(text, from, bad - from);
            // A carriage return within a line feed's pair is just dropped; alone it was meant as one.
            if (text[bad] == '\r' && (bad + 1 == text.Length || text[bad + 1] != '\n')) clean.Append('\n');
            from = bad + 1;
        }

        return clean.Append(text, from, text.Length - from).ToString();
    }

    private static int FirstBad(string text, int from)
    {
        for (int i = from; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsSurrogate(c))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(c, text[i + 1])) return i;
                i++;
            }
            else if ((char.IsControl(c) && c is not ('\n' or '\t')) || c is '\uFEFF' or '\uFFFE' or '\uFFFF')
            {
                return i;
            }
        }

        return -1;
    }
}
