using System.Text.Json;
using Vellarys.Channels.Forms;

namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// What was filled in: JSON inside a string, with the names that the company gave to the fields of its form.
/// </summary>
internal static class MetaForm
{
    private const int MaxJson = 65_536;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    public static void Add(MessageDetails details, JsonElement form)
    {
        details.Add("form", form.Hint("name"u8));
        if (!form.TryGet("response_json"u8, out JsonElement answer)) return;
        if (answer.ValueKind == JsonValueKind.Object)
        {
            FormFields.Add(details, answer);
            return;
        }

        if (answer.ValueKind != JsonValueKind.String) return;
        string json = JsonText.Read(answer, MaxJson, out _);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Options);
            FormFields.Add(details, document.RootElement);
        }
        catch (JsonException)
        {
            // Better as it stands than not at all.
            details.Add("form.answer", json);
        }
    }
}
