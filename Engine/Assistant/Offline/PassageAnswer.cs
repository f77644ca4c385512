using System.Text;
using System.Text.RegularExpressions;

namespace Vellarys.Assistant.Offline;

/// <summary>The sentences of the best passage that answer a question; nothing where none does.</summary>
internal static partial class PassageAnswer
{
    private const int MaxSentences = 3;
    private const int MaxLength = 600;

    /// <summary>Null when no passage answers: a passage that merely ranks best is not an answer.</summary>
    public static string? Find(string folded, IReadOnlyList<Passage> passages)
    {
        Regex[] subjects = [.. Question.AnswersTo(folded)];
        HashSet<string> stems = Question.Stems(folded);
        if (subjects.Length == 0 && stems.Count == 0) return null;

        (double Score, string Answer) best = (0, "");
        for (int i = 0; i < passages.Count; i++)
        {
            (double score, string answer) = Score(passages[i], subjects, stems);
            // Retrieval's order breaks ties.
            if (score > best.Score + 0.001) best = (score, answer);
        }

        return best.Score >= 1 ? best.Answer : null;
    }

    private static (double Score, string Answer) Score(Passage passage, Regex[] subjects, HashSet<string> stems)
    {
        HashSet<string> title = Question.Stems(TextFold.Fold(passage.Title));
        string[] sentences = Sentences(passage.Text);
        double[] scores = [.. sentences.Select(s => Score(TextFold.Fold(s), subjects, stems))];
        double top = scores.DefaultIfEmpty(0).Max();
        if (top <= 0) return (0, "");

        // The title can tell which of two similar passages is meant, but does not answer by itself.
        double total = top + (0.5 * title.Count(stems.Contains));
        IEnumerable<int> chosen = Enumerable.Range(0, sentences.Length)
            .Where(i => scores[i] >= Math.Max(1, top * 0.6))
            .OrderByDescending(i => scores[i])
            .Take(MaxSentences)
            .Order();
        StringBuilder answer = new();
        foreach (int i in chosen)
        {
            if (answer.Length > 0 && answer.Length + sentences[i].Length > MaxLength) break;
            if (answer.Length > 0) answer.Append(' ');
            answer.Append(sentences[i]);
        }

        return answer.Length == 0 ? (0, "") : (total, answer.ToString());
    }

    // A sentence answers a subject, or shares most of the question's words; one shared word of many is chance.
    private static double Score(string folded, Regex[] subjects, HashSet<string> stems)
    {
        HashSet<string> own = Question.Stems(folded);
        int shared = stems.Count(own.Contains);
        int answered = subjects.Count(s => s.IsIn(folded));
        if (subjects.Length > 0) return answered == 0 ? 0 : answered + (0.5 * shared);
        return shared * 2 >= stems.Count ? shared : 0;
    }

    private static string[] Sentences(string text) =>
        [.. Patterns.Read(() => Boundary().Split(text), [text]).Select(s => s.Trim()).Where(s => s.Length > 0)];

    [GeneratedRegex(@"(?<=[.!?])\s+(?=\p{Lu}|\d|[¿¡""(])|\r?\n+", RegexOptions.CultureInvariant,
        Patterns.LimitMs)]
    private static partial Regex Boundary();
}
