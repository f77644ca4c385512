using System.Globalization;

namespace Vellarys.Channels.Outbound;

/// <summary>Texts on buttons and rows, which providers refuse when they are too long.</summary>
internal static class ShortLabel
{
    private const string Cut = "…";

    /// <summary>
    /// One line of at most <paramref name="max"/>: cut between words where that costs little, and marked as cut.
    /// </summary>
    public static string Fit(string? text, int max)
    {
        string line = string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (line.Length <= max) return line;
        int end = 0;
        while (end < line.Length)
        {
            int next = end + StringInfo.GetNextTextElementLength(line, end);
            if (next > max - Cut.Length) break;
            end = next;
        }

        int gap = line.LastIndexOf(' ', Math.Max(end - 1, 0));
        if (line[end] != ' ' && gap > max / 2) end = gap;
        return line[..end].TrimEnd() + Cut;
    }

    /// <summary>The same for each; two that would look alike are told apart by a number.</summary>
    public static string[] FitEach(IEnumerable<string> texts, int max)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. texts.Select(text =>
        {
            string label = Fit(text, max);
            for (int n = label.Length == 0 ? 1 : 2; label.Length == 0 || !taken.Add(label); n++)
            {
                string mark = n.ToString(CultureInfo.InvariantCulture);
                label = $"{Fit(text, max - mark.Length - 1)} {mark}".TrimStart();
            }

            return label;
        })];
    }
}
