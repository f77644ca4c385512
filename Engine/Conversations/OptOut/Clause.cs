using System.Text;
using Vellarys.Assistant;

namespace Vellarys.Conversations.OptOut;

/// <summary>A stretch of text between punctuation marks.</summary>
/// <param name="Terms">
/// Its words, each followed by a space; known ones as their meaning in capitals (<see cref="OptOutTerms"/>).
/// </param>
internal sealed record Clause(string Terms, bool IsCourtesy, bool IsQuestion)
{
    public static List<Clause> Split(string text)
    {
        var clauses = new List<Clause>();
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && text[i] is not ('.' or '!' or '?' or ';' or ',' or ':' or '\n' or '(' or ')'))
                continue;
            if (Read(text[start..i], i < text.Length && text[i] == '?') is { } clause) clauses.Add(clause);
            start = i + 1;
        }

        return clauses;
    }

    private static Clause? Read(string text, bool isQuestion)
    {
        string folded = TextFold.Fold(text).Replace("'", "", StringComparison.Ordinal);
        List<string> words = TextFold.Words(folded);
        if (words.Count == 0) return null;
        var terms = new StringBuilder(folded.Length + 16);
        foreach (string word in words) terms.Append(OptOutTerms.Of(word)).Append(' ');
        return new Clause(terms.ToString(), words.TrueForAll(OptOutTerms.IsCourtesy), isQuestion);
    }
}
