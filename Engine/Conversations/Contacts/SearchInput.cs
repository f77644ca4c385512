using System.Text.Json;
using Vellarys.Http;

namespace Vellarys.Conversations.Contacts;

/// <summary>How lists of contacts and leads are searched.</summary>
internal static class SearchInput
{
    // The indexes know parts of three characters: fewer would read the whole table.
    private const int Shortest = 3;

    /// <summary>A pattern for a part of a name or number; null when not given.</summary>
    public static string? Pattern(QueryInput query, string name)
    {
        if (query.Text(name, 100) is not { } given) return null;
        string part = given.Trim();
        if (part.Length < Shortest)
        {
            query.Refuse(name, $"must have at least {Shortest} characters");
            return null;
        }

        return $"%{part.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
    }

    /// <summary>The pattern where it can only be of a name, which is most of what a search costs.</summary>
    public static string? OfName(string? pattern) => HasDigit(pattern) ? null : pattern;

    /// <summary>The pattern where it may be of a number.</summary>
    public static string? OfEither(string? pattern) => HasDigit(pattern) ? pattern : null;

    /// <summary><c>name:value</c> of a collected field as the JSON that holds it; null when not given.</summary>
    public static string? Field(QueryInput query, string name)
    {
        if (query.Text(name, 300) is not { } given) return null;
        string[] parts = given.Split(':', 2, StringSplitOptions.TrimEntries);
        if (parts.Length == 2 && parts[0].Length > 0 && parts[1].Length > 0)
            return JsonSerializer.Serialize(new Dictionary<string, string> { [parts[0]] = parts[1] });
        query.Refuse(name, "must be name:value");
        return null;
    }

    private static bool HasDigit(string? pattern) => pattern?.Any(char.IsAsciiDigit) is true;
}
