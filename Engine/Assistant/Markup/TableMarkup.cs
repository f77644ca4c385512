namespace Vellarys.Assistant.Markup;

/// <summary>
/// A table's rows as items of a list: the first cell, then the others behind the names of their columns.
/// </summary>
internal static class TableMarkup
{
    public static bool TryRead(List<string> lines, int at, out int after, out List<string> rows)
    {
        (after, rows) = (at, []);
        bool headed = at + 1 < lines.Count && HasBorder(lines[at]) && IsRule(lines[at + 1]);
        if (!headed && !IsRow(lines[at])) return false;
        string[] names = headed ? Cells(lines[at]) : [];
        for (after = headed ? at + 2 : at;
            after < lines.Count && (headed ? HasBorder(lines[after]) : IsRow(lines[after]));
            after++)
        {
            if (!IsRule(lines[after])) rows.Add(Row(Cells(lines[after]), names));
        }

        return true;
    }

    private static string Row(string[] cells, string[] names)
    {
        IEnumerable<string> rest = cells.Select((cell, i) => i < names.Length && names[i].Length > 0
            ? $"{names[i]}: {cell}"
            : cell).Skip(1).Zip(cells.Skip(1), (shown, cell) => cell.Length == 0 ? "" : shown).Where(s => s.Length > 0);
        string others = string.Join(", ", rest);
        if (cells.Length == 0) return "";
        return others.Length == 0 ? $"• {cells[0]}" : cells[0].Length == 0 ? $"• {others}" : $"• {cells[0]} – {others}";
    }

    private static bool HasBorder(string line) => line.Contains('|', StringComparison.Ordinal);

    // |---|:--:| between the head and the rows.
    private static bool IsRule(string line) =>
        HasBorder(line) && line.Contains("--", StringComparison.Ordinal)
        && !line.AsSpan().ContainsAnyExcept("|-: \t");

    private static bool IsRow(string line)
    {
        string trimmed = line.Trim();
        return trimmed.Length > 2 && trimmed[0] == '|' && trimmed[^1] == '|';
    }

    // \| within a cell is no border, but by now the backslash is gone; a cell too many does no harm.
    private static string[] Cells(string line) => [.. line.Trim().Trim('|').Split('|').Select(c => c.Trim())];
}
