using System.Text.Json;

namespace Vellarys.Assistant.Model.Chat;

/// <summary>
/// What a provider says of a request that it refused: <c>{"error":{"code","type","message","innererror"}}</c> with all
/// of it optional, or something else altogether.
/// </summary>
/// <param name="Code">Empty where there is none.</param>
/// <param name="IsFilter">A filter withheld what was asked.</param>
/// <param name="Filters">Which of its categories did, as far as it says.</param>
/// <param name="Body">The whole.</param>
internal sealed record ModelError(string Code, bool IsFilter, string Filters, string Body)
{
    private const string Filter = "content_filter";
    private const string Policy = "ResponsibleAIPolicyViolation";

    public static ModelError Read(string body)
    {
        using JsonDocument? document = ModelJson.TryParse(body);
        if (Object(document?.RootElement, "error") is not { } error) return new ModelError("", false, "", body);
        JsonElement? inner = Object(error, "innererror") ?? Object(error, "inner_error");
        string code = Text(error, "code") is { Length: > 0 } own ? own : Text(error, "type");
        bool isFilter = code is Filter or Policy or "content_policy_violation" || Text(inner, "code") == Policy;
        JsonElement? results = Object(inner, "content_filter_result") ?? Object(inner, "content_filter_results");
        return new ModelError(code, isFilter, ContentFilter.Withheld(results), body);
    }

    private static JsonElement? Object(JsonElement? owner, string name) =>
        owner is { ValueKind: JsonValueKind.Object } o
        && o.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object
            ? value
            : null;

    private static string Text(JsonElement? owner, string name) =>
        owner is { } o && o.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() ?? ""
            : "";
}
