using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Vellarys.Http;

/// <summary>
/// Finds the character NUL in what a request says, whoever reads it later: the database would refuse it in the middle
/// of things.
/// </summary>
internal static class NulInput
{
    /// <summary>The first part of address or query that holds one; null when none does.</summary>
    public static string? FieldOf(HttpRequest request)
    {
        if (request.QueryString.Value is { Length: > 0 } query && query.Contains("%00", StringComparison.Ordinal))
        {
            foreach (var (name, values) in request.Query)
            {
                if (HasNul(name)) return "query";
                foreach (string? value in values)
                    if (HasNul(value)) return name;
            }
        }

        foreach (var (name, value) in request.RouteValues)
            if (HasNul(value as string)) return name;
        return HasNul(request.Path.Value) ? "path" : null;
    }

    /// <summary>The path of the first text in a JSON document that holds one; null when none does.</summary>
    public static string? FieldOf(ReadOnlySpan<byte> json)
    {
        // Only an escape can write it; in the raw, JSON forbids it.
        if (json.IndexOf("\\u0000"u8) < 0) return null;
        Utf8JsonReader reader = new(json);
        List<string> path = [];
        string name = "$";
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    path.Add(name);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    path.RemoveAt(path.Count - 1);
                    break;
                case JsonTokenType.PropertyName:
                    name = reader.GetString()!;
                    if (HasNul(name)) return path[^1];
                    break;
                case JsonTokenType.String when HasNul(reader.GetString()):
                    return string.Join('.', path.Append(name).Where(p => p != "$").Distinct().DefaultIfEmpty("$"));
            }
        }

        return null;
    }

    private static bool HasNul(string? text) => text?.Contains('\0', StringComparison.Ordinal) == true;
}
