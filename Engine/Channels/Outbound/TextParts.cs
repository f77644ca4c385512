using System.Globalization;

namespace Vellarys.Channels.Outbound;

/// <summary>
/// Divides a text that is too long for one message: at the end of a line or a sentence where there is one, else between
/// words; never inside an address or a character that is seen as one, unless that alone is too long.
/// </summary>
internal static class TextParts
{
    private const string SentenceEnds = ".!?…";
    private const string WideSentenceEnds = "。！？";
    private const string Closing = "\"'”’»)]}*_~";
    private static readonly string[] AddressBeginnings = ["https://", "http://", "www."];

    /// <summary>
    /// The parts in order, each at most <paramref name="max"/> long and none of them blank; but for the blanks between
    /// two of them, together they are the text.
    /// </summary>
    public static IReadOnlyList<string> Split(string text, int max)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 2);
        if (text.Length <= max) return [text];
        var parts = new List<string>();
        int at = 0;
        while (text.Length - at > max)
        {
            int end = EndOf(text, at, max);
            Add(parts, text[at..end]);
            at = AfterGap(text, end);
        }

        Add(parts, text[at..]);
        return parts;
    }

    private static void Add(List<string> parts, string part)
    {
        if (!string.IsNullOrWhiteSpace(part)) parts.Add(part.TrimEnd());
    }

    private static int EndOf(string text, int start, int max)
    {
        var best = new Ends();
        int last = start + max, addressEnd = start, i = start;
        while (i <= last)
        {
            bool isInside = i < addressEnd;
            if (!isInside) addressEnd = AddressEnd(text, i, max);
            if (i > start && !isInside) Note(best, text, start, i);
            if (i == last) break;
            i += StringInfo.GetNextTextElementLength(text, i);
        }

        int half = start + max / 2;
        if (best.Paragraph > half) return best.Paragraph;
        if (best.Sentence > start) return best.Sentence;
        if (best.Word > start) return best.Word;
        if (best.Any > start) return best.Any;
        return char.IsSurrogatePair(text, last - 1) ? last - 1 : last;
    }

    private static void Note(Ends best, string text, int start, int i)
    {
        best.Any = i;
        bool isGap = char.IsWhiteSpace(text[i]) && !char.IsWhiteSpace(text[i - 1]);
        if (isGap)
        {
            int breaks = LineBreaks(text, i);
            best.Word = i;
            if (breaks > 1) best.Paragraph = i;
            if (breaks > 0 || EndsSentence(text, start, i)) best.Sentence = i;
        }
        else if (WideSentenceEnds.Contains(text[i - 1], StringComparison.Ordinal))
        {
            best.Sentence = i;
        }
    }

    private static int LineBreaks(string text, int i)
    {
        int breaks = 0;
        for (; i < text.Length && char.IsWhiteSpace(text[i]); i++)
        {
            if (text[i] == '\n') breaks++;
        }

        return breaks;
    }

    private static bool EndsSentence(string text, int start, int end)
    {
        int i = end - 1;
        while (i > start && Closing.Contains(text[i], StringComparison.Ordinal)) i--;
        return SentenceEnds.Contains(text[i], StringComparison.Ordinal)
            || WideSentenceEnds.Contains(text[i], StringComparison.Ordinal);
    }

    /// <summary>Past the blanks; what indents the next line stays.</summary>
    private static int AfterGap(string text, int end)
    {
        int next = end, line = end;
        while (next < text.Length && char.IsWhiteSpace(text[next])
            && StringInfo.GetNextTextElementLength(text, next) == LengthOfBlank(text, next))
        {
            next += LengthOfBlank(text, next);
            if (text[next - 1] == '\n') line = next;
        }

        return line > end ? line : next;
    }

    private static int LengthOfBlank(string text, int i) =>
        text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 2 : 1;

    /// <summary>Where an address that begins here ends; here, when none does or it is too long for one part.</summary>
    private static int AddressEnd(string text, int i, int max)
    {
        if (!IsAddress(text, i)) return i;
        int end = i;
        while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
        return end - i > max ? i : end;
    }

    private static bool IsAddress(string text, int i) => AddressBeginnings.Any(
        b => string.Compare(text, i, b, 0, b.Length, StringComparison.OrdinalIgnoreCase) == 0);

    /// <summary>The last of each kind of place to end a part at, so far.</summary>
    private sealed class Ends
    {
        public int Paragraph { get; set; }

        public int Sentence { get; set; }

        public int Word { get; set; }

        public int Any { get; set; }
    }
}
