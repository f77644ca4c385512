namespace Vellarys.Channels.Gateways.Words;

/// <summary>A contact that the customer shares, as a vCard: its name, and how to reach it.</summary>
internal static class VCard
{
    private const int MaxChars = 20_000;
    private const int MaxWays = 5;

    /// <summary>One line: <c>Ana Souza: +55 11 98765-0001, ana@example.com, Loja</c>; null for an empty one.</summary>
    /// <param name="name">What the message calls the contact.</param>
    public static string? Line(string? name, string? card)
    {
        string? named = name;
        List<string> ways = [];
        foreach (string line in Lines(card))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line[(colon + 1)..].Trim() is not { Length: > 0 } value) continue;
            // item1.TEL;type=CELL;waid=5511987650001
            string[] parameters = line[..colon].Split(';');
            string field = parameters[0][(parameters[0].LastIndexOf('.') + 1)..].ToUpperInvariant();
            if (field == "FN") named ??= value;
            else if (ways.Count < MaxWays && Way(field, parameters, value) is { } way) ways.Add(way);
        }

        if (string.IsNullOrWhiteSpace(named)) return ways.Count == 0 ? null : string.Join(", ", ways);
        return ways.Count == 0 ? named : $"{named}: {string.Join(", ", ways)}";
    }

    /// <summary>The name that the card itself has; null for none.</summary>
    public static string? NameOf(string? card) =>
        Lines(card).FirstOrDefault(l => l.StartsWith("FN", StringComparison.OrdinalIgnoreCase)
            && l.Length > 2 && l[2] is ':' or ';') is { } line
            && line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() is { Length: > 0 } name
                ? name
                : null;

    private static string[] Lines(string? card) => string.IsNullOrEmpty(card)
        ? []
        // A line that begins with a blank goes on with the one before.
        : (card.Length > MaxChars ? card[..MaxChars] : card).ReplaceLineEndings("\n")
            .Replace("\n ", "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string? Way(string field, string[] parameters, string value)
    {
        if (field is "EMAIL") return value;
        if (field is "ORG") return value.Trim(';').Replace(";", ", ", StringComparison.Ordinal);
        if (field is not "TEL") return null;
        string? known = parameters.FirstOrDefault(p => p.StartsWith("waid=", StringComparison.OrdinalIgnoreCase))?[5..];
        return known is { Length: > 0 } && PhoneNumbers.Plain(value) != known ? $"{value} (WhatsApp {known})" : value;
    }
}
