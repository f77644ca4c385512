using System.Globalization;
using System.Text;

namespace Vellarys.Channels.Templates;

/// <summary>What providers want of the texts that fill a template's places, and the template filled.</summary>
internal static class TemplateText
{
    /// <summary>Meta's limit on a body.</summary>
    public const int MaxLength = 1_024;

    private const int MaxSpaces = 4;

    /// <summary>Null when the text can fill a place.</summary>
    public static string? Fault(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return "must not be empty";
        if (text.Length > MaxLength) return $"must have at most {MaxLength} characters";
        if (text.AsSpan().ContainsAny('\n', '\r', '\t')) return "must have no line breaks and no tabs";
        return text.Contains("     ", StringComparison.Ordinal)
            ? $"must have at most {MaxSpaces} spaces in a row"
            : null;
    }

    /// <summary>A text as somebody typed it, so that it can fill a place: each stretch of white space is one.</summary>
    public static string Tidy(string text)
    {
        string tidy = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return tidy.Length <= MaxLength ? tidy : tidy[..MaxLength];
    }

    /// <summary>How many places a body has: the highest number in <c>{{1}}</c>, <c>{{2}}</c>.</summary>
    public static int PlacesOf(string body)
    {
        int most = 0;
        foreach ((int number, _, _) in Places(body)) most = Math.Max(most, number);
        return most;
    }

    /// <summary>Whether a number is left out of those that the places have.</summary>
    public static bool HasGap(string body) =>
        Places(body).Select(p => p.Number).Distinct().Count() != PlacesOf(body);

    /// <summary>The body as a customer reads it. What has no parameter stays out.</summary>
    public static string Fill(string body, IReadOnlyList<string> parameters)
    {
        var filled = new StringBuilder();
        int done = 0;
        foreach ((int number, int start, int end) in Places(body))
        {
            filled.Append(body, done, start - done);
            if (number <= parameters.Count) filled.Append(parameters[number - 1]);
            done = end;
        }

        return filled.Append(body, done, body.Length - done).ToString();
    }

    private static IEnumerable<(int Number, int Start, int End)> Places(string body)
    {
        for (int at = 0; (at = body.IndexOf("{{", at, StringComparison.Ordinal)) >= 0; at += 2)
        {
            int end = body.IndexOf("}}", at, StringComparison.Ordinal);
            if (end < 0) yield break;
            if (int.TryParse(body.AsSpan(at + 2, end - at - 2), NumberStyles.None, CultureInfo.InvariantCulture,
                out int number) && number is >= 1 and <= 100)
                yield return (number, at, end + 2);
        }
    }
}
