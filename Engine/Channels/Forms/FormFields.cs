using System.Text.Json;

namespace Vellarys.Channels.Forms;

/// <summary>What was filled in, with the names that the company gave to the fields of its form.</summary>
internal static class FormFields
{
    private const int MaxDepth = 4;
    private const int MaxFields = 60;

    public static void Add(MessageDetails details, JsonElement answer) => Add(details, answer, "form.", MaxDepth);

    private static void Add(MessageDetails details, JsonElement fields, string prefix, int depth)
    {
        if (fields.ValueKind != JsonValueKind.Object) return;
        foreach (JsonProperty field in fields.EnumerateObject().Take(MaxFields))
        {
            string name = JsonText.NameOf(field, 60);
            // Ours, from the message that sent the form: nothing that the customer said.
            if (name is "flow_token" or "wa_flow_response_params") continue;
            if (field.Value.ValueKind == JsonValueKind.Object && depth > 0)
                Add(details, field.Value, $"{prefix}{name}.", depth - 1);
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
