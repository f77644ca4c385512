using System.Text.Json;

namespace Vellarys.Assistant.Model;

/// <summary>
/// Azure's filter results: <c>{"hate":{"filtered":true,"severity":"high"},"jailbreak":{"filtered":false}}</c>. What was
/// only looked at, or detected and let through, is no reason to withhold anything.
/// </summary>
internal static class ContentFilter
{
    private const int MaxCategories = 12;

    /// <summary>The categories that filtered, for the operator; empty for none.</summary>
    public static string Withheld(JsonElement? results) =>
        results is not { ValueKind: JsonValueKind.Object } found
            ? ""
            : string.Join(", ", found.EnumerateObject()
                .Where(category => IsName(category.Name) && Filtered(category.Value))
                .Take(MaxCategories).Select(category => category.Name));

    private static bool Filtered(JsonElement category) =>
        category.ValueKind == JsonValueKind.Object
        && category.TryGetProperty("filtered"u8, out JsonElement filtered) && filtered.ValueKind == JsonValueKind.True;

    // A word of the provider's, and not whatever else somebody put there.
    private static bool IsName(string name) =>
        name.Length is > 0 and <= 40 && name.All(c => char.IsAsciiLetter(c) || c == '_');
}
