using System.Globalization;
using System.Text;
using System.Text.Json;
using Vellarys.Channels.Gateways;
using Vellarys.Channels.Gateways.Calls;

namespace Vellarys.Channels.ZApi;

/// <summary>Z-API's calls: a path and a body.</summary>
internal static class ZApiRequest
{
    public static (string Path, GatewayBody Body) Of(OutboundMessage message) => message.Content switch
    {
        OutboundContent.Media media when message.File is { } file => Media(message, media, file),
        OutboundContent.Buttons buttons => ("send-button-list", GatewayBody.Of(w => Buttons(w, message, buttons))),
        OutboundContent.Choices choices => ("send-option-list", GatewayBody.Of(w => Choices(w, message, choices))),
        OutboundContent.Reaction { Emoji.Length: 0 } reaction => ("send-remove-reaction", GatewayBody.Of(w =>
        {
            w.WriteString("phone"u8, message.To);
            w.WriteString("messageId"u8, reaction.To);
        })),
        OutboundContent.Reaction reaction => ("send-reaction", GatewayBody.Of(w =>
        {
            w.WriteString("phone"u8, message.To);
            w.WriteString("reaction"u8, reaction.Emoji);
            w.WriteString("messageId"u8, reaction.To);
        })),
        OutboundContent.Place place => ("send-location", GatewayBody.Of(w => Place(w, message, place))),
        _ => ("send-text", GatewayBody.Of(w =>
        {
            Begin(w, message);
            w.WriteString("message"u8, message.Text);
        })),
    };

    public static GatewayBody Read(string address, string messageId) => GatewayBody.Of(w =>
    {
        w.WriteString("phone"u8, address);
        w.WriteString("messageId"u8, messageId);
    });

    private static void Begin(Utf8JsonWriter w, OutboundMessage message)
    {
        w.WriteString("phone"u8, message.To);
        if (message.Quotes is { } quoted) w.WriteString("messageId"u8, quoted);
    }

    private static (string, GatewayBody) Media(OutboundMessage message, OutboundContent.Media media, OutboundFile file)
    {
        string kind = media.Kind is "image" or "video" or "audio" or "sticker" ? media.Kind : "document";
        string path = kind == "document" ? $"send-document/{Extension(file)}" : $"send-{kind}";
        void Write(Utf8JsonWriter w)
        {
            Begin(w, message);
            if (kind == "document") w.WriteString("fileName"u8, file.Name);
            if (message.Text.Length > 0 && kind is not ("audio" or "sticker"))
                w.WriteString("caption"u8, message.Text);
            if (media.IsVoice) w.WriteBoolean("waveform"u8, true);
            if (file.Link is { } link) w.WriteString(kind, link.AbsoluteUri);
        }

        if (file.Link is not null) return (path, GatewayBody.Of(Write));
        string type = MediaTypes.Plain(file.MimeType) ?? "application/octet-stream";
        byte[] prefix = Encoding.ASCII.GetBytes($"data:{type};base64,");
        return (path, GatewayBody.With(file, Encoding.ASCII.GetBytes(kind), prefix, Write));
    }

    /// <summary>It stands in the path; by the name, else by the type.</summary>
    private static string Extension(OutboundFile file)
    {
        string name = Path.GetExtension(file.Name).TrimStart('.').ToLowerInvariant();
        if (name.Length is > 0 and <= 8 && name.All(char.IsAsciiLetterOrDigit)) return name;
        string type = file.MimeType[(file.MimeType.IndexOf('/', StringComparison.Ordinal) + 1)..].ToLowerInvariant();
        return type.Length is > 0 and <= 8 && type.All(char.IsAsciiLetterOrDigit) ? type : "bin";
    }

    private static void Buttons(Utf8JsonWriter w, OutboundMessage message, OutboundContent.Buttons buttons)
    {
        Begin(w, message);
        w.WriteString("message"u8, message.Text);
        w.WriteStartObject("buttonList"u8);
        w.WriteStartArray("buttons"u8);
        foreach (OutboundContent.Choice option in buttons.Options)
        {
            w.WriteStartObject();
            w.WriteString("id"u8, option.Id);
            w.WriteString("label"u8, option.Title);
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static void Choices(Utf8JsonWriter w, OutboundMessage message, OutboundContent.Choices choices)
    {
        Begin(w, message);
        w.WriteString("message"u8, message.Text);
        w.WriteStartObject("optionList"u8);
        w.WriteString("title"u8, choices.Label);
        w.WriteString("buttonLabel"u8, choices.Label);
        w.WriteStartArray("options"u8);
        foreach (OutboundContent.Choice option in choices.Options)
        {
            w.WriteStartObject();
            w.WriteString("id"u8, option.Id);
            w.WriteString("title"u8, option.Title);
            w.WriteString("description"u8, option.Description ?? "");
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteEndObject();
    }

    private static void Place(Utf8JsonWriter w, OutboundMessage message, OutboundContent.Place place)
    {
        Begin(w, message);
        w.WriteString("title"u8, place.Name ?? place.Address ?? message.Text);
        w.WriteString("address"u8, place.Address ?? place.Name ?? message.Text);
        w.WriteString("latitude"u8, Degrees(place.Latitude));
        w.WriteString("longitude"u8, Degrees(place.Longitude));
    }

    private static string Degrees(double degrees) =>
        degrees.ToString("0.#######", CultureInfo.InvariantCulture);
}
