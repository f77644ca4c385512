namespace Vellarys.Knowledge;

/// <summary>
/// Cuts a document into pieces that answer a question by themselves: about <see cref="Target"/> characters, at the
/// border of a paragraph where there is one, else of a line, a sentence, a word.
/// </summary>
internal static class TextChunks
{
    /// <summary>Four such pieces fit a prompt comfortably and still hold a whole answer each.</summary>
    public const int Target = 800;

    private static readonly string[] Borders = ["\n\n", "\n", ". ", "! ", "? ", "; ", " "];

    public static IReadOnlyList<string> Of(string text)
    {
        List<string> chunks = [];
        string rest = text.ReplaceLineEndings("\n").Trim();
        while (rest.Length > Target)
        {
            int end = Border(rest.AsSpan(0, Target));
            chunks.Add(rest[..end].Trim());
            rest = rest[end..].Trim();
        }

        if (rest.Length > 0) chunks.Add(rest);
        return chunks;
    }

    // A border in the first half would leave pieces too small to mean anything.
    private static int Border(ReadOnlySpan<char> head)
    {
        foreach (string border in Borders)
        {
            int at = head.LastIndexOf(border, StringComparison.Ordinal);
            if (at >= head.Length / 2) return at + border.Length;
        }

        return char.IsHighSurrogate(head[^1]) ? head.Length - 1 : head.Length;
    }
}
