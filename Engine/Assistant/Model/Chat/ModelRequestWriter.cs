using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Vellarys.Assistant.Model.Chat;

/// <summary>
/// Writes the body of a chat completion. The messages come last and the newest message last among them; what never
/// changes is written as prepared bytes.
/// </summary>
internal sealed class ModelRequestWriter(string model, ModelSettings settings)
{
    // Text is written as it is, not as \u escapes: fewer bytes, and the same bytes that the customer sent.
    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public ModelSettings Settings { get; } = settings;

    private readonly byte[] _head = Head(model, settings, wantsSummary: false);
    private readonly byte[] _headWithSummary = Head(model, settings, wantsSummary: true);

    public void Write(ModelRequest request, IBufferWriter<byte> output)
    {
        output.Write(request.WantsSummary ? _headWithSummary : _head);
        using Utf8JsonWriter writer = new(output, Plain);
        writer.WriteStartArray();
        foreach (ModelMessage message in request.Messages)
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, message.Role switch
            {
                ModelRole.System => "system"u8,
                ModelRole.Assistant => "assistant"u8,
                _ => "user"u8,
            });
            writer.WriteString("content"u8, message.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.Flush();
        output.Write("}"u8);
    }

    private static byte[] Head(string model, ModelSettings settings, bool wantsSummary) => Encoding.UTF8.GetBytes(
        $$"""{"model":{{JsonSerializer.Serialize(model)}},{{settings.Json}}"""
        + $"\"response_format\":{Format(wantsSummary)},"
        + "\"messages\":");

    // Strict mode wants every property required and no others allowed, so "fields" is a list of pairs.
    private static string Format(bool wantsSummary) =>
        """
        {"type":"json_schema","json_schema":{"name":"turn","strict":true,"schema":{"type":"object","properties":{
        "reply":{"type":"string"},
        "intent":{"type":"string","description":"a short snake_case label"},
        "sentiment":{"type":"string","enum":["negative","neutral","positive"]},
        "qualification":{"type":"string","enum":["unknown","cold","warm","hot"]},
        "score":{"type":"integer","description":"0 to 100: how ready to buy"},
        "fields":{"type":"array","items":{"type":"object",
        "properties":{"name":{"type":"string"},"value":{"type":"string"}},
        "required":["name","value"],"additionalProperties":false}},
        "handoff":{"type":["string","null"],"enum":["customer_asked","hot_lead","unsure","complaint",null]},
        "helped":{"type":"boolean","description":"false when the reply admits not knowing"},
        "summary":{"type":
        """.ReplaceLineEndings("") + (wantsSummary ? "\"string\"" : "\"null\"") +
        """
        }},"required":["reply","intent","sentiment","qualification","score","fields","handoff","helped","summary"],
        "additionalProperties":false}}}
        """.ReplaceLineEndings("");
}
