namespace Vellarys.Channels.Files;

/// <summary>Types of content as strangers write them.</summary>
internal static class MimeTypes
{
    private const int Longest = 100;

    /// <summary>Lower case and without parameters; null for what is none.</summary>
    public static string? Plain(string? type)
    {
        string plain = (type ?? "").Split(';')[0].Trim().ToLowerInvariant();
        string[] halves = plain.Split('/');
        return plain.Length <= Longest && halves is [{ Length: > 0 }, { Length: > 0 }] && plain.All(IsAllowed)
            ? plain
            : null;
    }

    private static bool IsAllowed(char c) =>
        char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '/' or '-' or '+' or '.' or '_';
}
