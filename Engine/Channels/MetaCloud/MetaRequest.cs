using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;

namespace Vellarys.Channels.MetaCloud;

/// <summary>A request body in a buffer that is used again.</summary>
internal sealed class MetaRequest : IResettable, IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1_024);
    private readonly Utf8JsonWriter _writer;

    public MetaRequest() => _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions
    {
        // The body goes to an API, not into a page: letters with accents stay one or two bytes.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    });

    public ReadOnlyMemory<byte> Json => _buffer.WrittenMemory;

    /// <summary>A message to one person.</summary>
    /// <param name="upload">The id of its file, where it was uploaded; null where the provider is to fetch it.</param>
    public void WriteMessage(OutboundMessage message, string? upload = null)
    {
        Begin();
        _writer.WriteString("recipient_type"u8, "individual"u8);
        _writer.WriteString(MetaCustomer.IsBsuid(message.To) ? "recipient"u8 : "to"u8, message.To);
        if (message.Quotes is { Length: > 0 } quoted && message.Content is not OutboundContent.Reaction)
        {
            _writer.WriteStartObject("context"u8);
            _writer.WriteString("message_id"u8, quoted);
            _writer.WriteEndObject();
        }

        if (message.Template is { } template) WriteTemplate(template);
        else if (!MetaContent.TryWrite(_writer, message, upload)) WriteText(MetaContent.AsText(message));
        _writer.WriteString("biz_opaque_callback_data"u8, message.CorrelationId);
        End();
    }

    /// <summary>
    /// Marks a message as read; the indicator goes with it and ends with the answer, or after 25 seconds.
    /// </summary>
    public void WriteRead(string providerMessageId)
    {
        Begin();
        _writer.WriteString("status"u8, "read"u8);
        _writer.WriteString("message_id"u8, providerMessageId);
        _writer.WriteStartObject("typing_indicator"u8);
        _writer.WriteString("type"u8, "text"u8);
        _writer.WriteEndObject();
        End();
    }

    public bool TryReset()
    {
        const int worthKeeping = 64 * 1_024;
        _buffer.ResetWrittenCount();
        _writer.Reset();
        return _buffer.Capacity <= worthKeeping;
    }

    public void Dispose() => _writer.Dispose();

    private void WriteText(string text)
    {
        _writer.WriteString("type"u8, "text"u8);
        _writer.WriteStartObject("text"u8);
        _writer.WriteString("body"u8, text);
        _writer.WriteBoolean("preview_url"u8, false);
        _writer.WriteEndObject();
    }

    private void WriteTemplate(TemplateMessage template)
    {
        _writer.WriteString("type"u8, "template"u8);
        _writer.WriteStartObject("template"u8);
        _writer.WriteString("name"u8, template.Name);
        _writer.WriteStartObject("language"u8);
        _writer.WriteString("code"u8, template.Language);
        _writer.WriteEndObject();
        // A body without places takes no component.
        if (template.Parameters.Count > 0) WriteParameters(template.Parameters);
        _writer.WriteEndObject();
    }

    private void WriteParameters(IReadOnlyList<string> parameters)
    {
        _writer.WriteStartArray("components"u8);
        _writer.WriteStartObject();
        _writer.WriteString("type"u8, "body"u8);
        _writer.WriteStartArray("parameters"u8);
        foreach (string parameter in parameters)
        {
            _writer.WriteStartObject();
            _writer.WriteString("type"u8, "text"u8);
            _writer.WriteString("text"u8, MetaParameter.OneLine(parameter));
            _writer.WriteEndObject();
        }

        _writer.WriteEndArray();
        _writer.WriteEndObject();
        _writer.WriteEndArray();
    }

    private void Begin()
    {
        _writer.WriteStartObject();
        _writer.WriteString("messaging_product"u8, "whatsapp"u8);
    }

    private void End()
    {
        _writer.WriteEndObject();
        _writer.Flush();
    }
}
