using System.Text.Json;

namespace Vellarys.Channels.Templates;

/// <summary>A template as Meta lists it.</summary>
internal sealed record ListedTemplate(
    string ProviderId, string Name, string Language, string? Category, string Status, string? Reason, string? Quality,
    string Body)
{
    private const int MaxWord = 512;

    /// <summary>Null for what is none.</summary>
    public static ListedTemplate? Read(JsonElement item)
    {
        if (item.StringOrNumber("id"u8, 100) is not { } id) return null;
        (string? name, string? language) = (item.Hint("name"u8, MaxWord), item.Hint("language"u8, 20));
        if (string.IsNullOrEmpty(name) || string.IsNullOrEmpty(language)) return null;
        if (StatusOf(item.Hint("status"u8, 50)) is not { } status) return null;
        string? quality = item.TryGet("quality_score"u8, out JsonElement score) ? score.Hint("score"u8, 20) : null;
        return new ListedTemplate(
            id, name, language, CategoryOf(item.Hint("category"u8, 50)), status,
            ReasonOf(item.Hint("rejected_reason"u8, 200)), string.IsNullOrEmpty(quality) ? null : quality,
            BodyOf(item));
    }

    /// <summary>As in <see cref="TemplateRow.Status"/>; null for a word that says nothing of it.</summary>
    public static string? StatusOf(string? word) => word switch
    {
        "APPROVED" or "REINSTATED" or "UNPAUSED" => "approved",
        "PENDING" or "IN_APPEAL" => "pending",
        "REJECTED" => "rejected",
        "PAUSED" or "LIMIT_EXCEEDED" => "paused",
        "DISABLED" or "DELETED" or "PENDING_DELETION" or "ARCHIVED" => "disabled",
        _ => null,
    };

    public static string? CategoryOf(string? word) => word switch
    {
        "MARKETING" => "marketing",
        "UTILITY" => "utility",
        "AUTHENTICATION" => "authentication",
        _ => null,
    };

    public static string? ReasonOf(string? word) => string.IsNullOrEmpty(word) || word == "NONE" ? null : word;

    private static string BodyOf(JsonElement item)
    {
        if (!item.TryGetArray("components"u8, out JsonElement components)) return "";
        foreach (JsonElement component in components.EnumerateArray())
            if (component.Hint("type"u8, 50) == "BODY") return component.Hint("text"u8, TemplateText.MaxLength) ?? "";
        return "";
    }
}
