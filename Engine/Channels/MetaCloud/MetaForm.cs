using System.Text.Json;

namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// What was filled in: JSON inside a string, with the names that the company gave to the fields of its form.
/// </summary>
internal static class MetaForm
{
    private const int MaxJson = 65_536;
    private const int MaxDepth = 4;
    private const int MaxFields = 60;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    public static void Add(MessageDetails details, JsonElement form)
    {
        details.Add("form", form.Hint("name"u8));
        if (!form.TryGet("response_json"u8, out JsonElement answer)) return;
        if (answer.ValueKind == JsonValueKind.Object)
        {
            AddFields(details, answer, "form.", MaxDepth);
            return;
        }

        if (answer.ValueKind != JsonValueKind.String) return;
        string json = JsonText.Read(answer, MaxJson, out _);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Options);
            AddFields(details, document.RootElement, "form.", MaxDepth);
        }
        catch (JsonException)
        {
            // Better as it stands than not at all.
            details.Add("form.answer", json);
        }
    }

    private static void AddFields(MessageDetails details, JsonElement fields, string prefix, int depth)
    {
        if (fields.ValueKind != JsonValueKind.Object) return;
        foreach (JsonProperty field in fields.EnumerateObject().Take(MaxFields))
        {
            string name = JsonText.NameOf(field, 60);
            // Ours, from the message that sent the form: nothing that the customer said.
            if (name is "flow_token") continue;
            if (field.Value.ValueKind == JsonValueKind.Object && depth > 0)
                AddFields(details, field.Value, $"{prefix}{name}.", depth - 1);
            else
                details.Add(prefix + name, Text(field.Value));
        }
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonText.Read(value, 500, out _),
        JsonValueKind.Null => null,
        JsonValueKind.Array => string.Join(
            ", ", value.EnumerateArray().Take(MaxFields).Select(Text).Where(t => !string.IsNullOrEmpty(t))),
        JsonValueKind.Object => "{...}",
        _ => value.Raw(),
    };
}
