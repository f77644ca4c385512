using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Vellarys.Http;

/// <summary>
/// Reads query parameters and keeps the first thing wrong with them, so that an endpoint reads all of them and then
/// asks once.
/// </summary>
internal sealed class QueryInput(HttpRequest request)
{
    /// <summary>The answer to give instead; null while everything read so far was right.</summary>
    public IResult? Problem { get; private set; }

    /// <summary>One of <paramref name="allowed"/> or several, separated by commas; null when not given.</summary>
    public string[]? Choices(string name, IReadOnlyList<string> allowed)
    {
        if (Text(name, 200) is not { } given) return null;
        string[] chosen = given.Split(',', StringSplitOptions.TrimEntries);
        if (chosen.Except(allowed).Any()) return Fail<string[]>(name, $"must be among {string.Join(", ", allowed)}");
        return chosen;
    }

    /// <summary>Just one of <paramref name="allowed"/>; null when not given.</summary>
    public string? Choice(string name, IReadOnlyList<string> allowed)
    {
        string[]? chosen = Choices(name, allowed);
        if (chosen is { Length: > 1 }) Refuse(name, "must be one only");
        return chosen?[0];
    }

    public int Number(string name, int fallback, int min, int max)
    {
        if (Text(name, 20) is not { } given) return fallback;
        if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= min && number <= max)
        {
            return number;
        }

        Refuse(name, $"must be a number from {min} to {max}");
        return fallback;
    }

    /// <summary><c>true</c> or <c>false</c>; null when not given.</summary>
    public bool? Flag(string name)
    {
        if (Text(name, 5) is not { } given) return null;
        if (given is "true" or "false") return given == "true";
        Refuse(name, "must be true or false");
        return null;
    }

    /// <summary>Null when not given.</summary>
    public Guid? Id(string name)
    {
        if (Text(name, 50) is not { } given) return null;
        if (Guid.TryParse(given, out Guid id)) return id;
        Refuse(name, "must be a UUID");
        return null;
    }

    /// <summary>ISO 8601 with an offset; null when not given.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name, 40) is not { } given) return null;
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(given, CultureInfo.InvariantCulture, Styles, out DateTimeOffset time)) return time;
        Refuse(name, "must be a time in ISO 8601, e.g. 2026-01-31T12:00:00Z");
        return null;
    }

    /// <summary>The place that an earlier page ended at.</summary>
    public Cursor? Place(string name)
    {
        if (Text(name, 100) is not { } given) return null;
        if (Cursor.TryParse(given, out Cursor place)) return place;
        Refuse(name, Cursor.Fault);
        return null;
    }

    /// <summary>The last row of an earlier page, for rows told apart by an id; nulls when not given.</summary>
    public (DateTime? At, Guid? Id) After(string name)
    {
        if (Place(name) is not { } place) return (null, null);
        if (Guid.TryParse(place.Key, out Guid id)) return (place.At, id);
        Refuse(name, Cursor.Fault);
        return (null, null);
    }

    /// <summary>Something is wrong with a parameter beyond what this class checks.</summary>
    public void Refuse(string name, string reason) => Problem ??= Problems.Invalid(name, reason);

    /// <summary>As given; null when it was not.</summary>
    public string? Text(string name, int maxLength)
    {
        if (!request.Query.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues values)) return null;
        if (values.Count != 1) return Fail<string>(name, "must be given once");
        string text = values.ToString();
        if (text.Length == 0) return Fail<string>(name, "must not be empty");
        if (text.Contains('\0', StringComparison.Ordinal)) return Fail<string>(name, TextInput.Nul);
        return text.Length <= maxLength ? text : Fail<string>(name, $"must have at most {maxLength} characters");
    }

    private T? Fail<T>(string name, string reason)
        where T : class
    {
        Refuse(name, reason);
        return null;
    }
}
