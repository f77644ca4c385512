using System.Text.Json;

namespace Vellarys.Channels.Templates;

/// <summary>What a provider said of a template of its own accord; null is what it said nothing of.</summary>
internal sealed record TemplateEvent(
    string ProviderId, string? Status, string? Reason, string? Quality, string? Category, DateTime At)
{
    /// <param name="type">The field of Meta's webhook.</param>
    /// <param name="raw">The change, as it came.</param>
    public static TemplateEvent? Read(string type, string raw, DateTime at)
    {
        try
        {
            JsonElement change = JsonElement.Parse(raw);
            if (!change.TryGet("value"u8, out JsonElement value)) value = change;
            if (value.StringOrNumber("message_template_id"u8, 100) is not { } id) return null;
            var said = new TemplateEvent(id, null, null, null, null, at);
            return type switch
            {
                "message_template_status_update" => said with
                {
                    Status = ListedTemplate.StatusOf(value.Hint("event"u8, 50)),
                    Reason = ListedTemplate.ReasonOf(value.Hint("reason"u8, 200)),
                },
                "message_template_quality_update" => said with { Quality = value.Hint("new_quality_score"u8, 20) },
                "template_category_update" => said with
                {
                    Category = ListedTemplate.CategoryOf(value.Hint("new_category"u8, 50)),
                },
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
