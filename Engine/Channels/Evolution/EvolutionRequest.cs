using System.Text.Json;
using Vellarys.Channels.Gateways;
using Vellarys.Channels.Gateways.Calls;

namespace Vellarys.Channels.Evolution;

/// <summary>Evolution's calls: a path, without the instance that ends it, and a body.</summary>
internal static class EvolutionRequest
{
    // How long the customer sees it; the call takes as long.
    private const int TypingMs = 5_000;

    public static (string Path, GatewayBody Body) Of(OutboundMessage message) => message.Content switch
    {
        OutboundContent.Media media when message.File is { } file => Media(message, media, file),
        OutboundContent.Buttons buttons => ("message/sendButtons", GatewayBody.Of(w => Buttons(w, message, buttons))),
        OutboundContent.Choices choices => ("message/sendList", GatewayBody.Of(w => Choices(w, message, choices))),
        OutboundContent.Reaction reaction => ("message/sendReaction", GatewayBody.Of(w =>
        {
            Key(w, message.To, reaction.To);
            w.WriteString("reaction"u8, reaction.Emoji);
        })),
        OutboundContent.Place place => ("message/sendLocation", GatewayBody.Of(w => Place(w, message, place))),
        _ => ("message/sendText", GatewayBody.Of(w =>
        {
            Begin(w, message);
            w.WriteString("text"u8, message.Text);
            w.WriteBoolean("linkPreview"u8, false);
        })),
    };

    public static GatewayBody Read(string address, string messageId) => GatewayBody.Of(w =>
    {
        w.WriteStartArray("readMessages"u8);
        w.WriteStartObject();
        KeyFields(w, address, messageId);
        w.WriteEndObject();
        w.WriteEndArray();
    });

    public static GatewayBody Typing(string address) => GatewayBody.Of(w =>
    {
        w.WriteString("number"u8, address);
        w.WriteString("presence"u8, "composing"u8);
        w.WriteNumber("delay"u8, TypingMs);
    });

    private static void Begin(Utf8JsonWriter w, OutboundMessage message)
    {
        w.WriteString("number"u8, message.To);
        if (message.Quotes is not { } quoted) return;
        w.WriteStartObject("quoted"u8);
        Key(w, null, quoted);
        w.WriteEndObject();
    }

    private static (string, GatewayBody) Media(OutboundMessage message, OutboundContent.Media media, OutboundFile file)
    {
        (string path, string name) = media switch
        {
            { Kind: "sticker" } => ("message/sendSticker", "sticker"),
            { Kind: "audio", IsVoice: true } => ("message/sendWhatsAppAudio", "audio"),
            _ => ("message/sendMedia", "media"),
        };
        bool hasFields = name == "media";
        void Write(Utf8JsonWriter w)
        {
            Begin(w, message);
            if (hasFields)
            {
                w.WriteString("mediatype"u8, media.Kind);
                w.WriteString("mimetype"u8, file.MimeType);
                w.WriteString("fileName"u8, file.Name);
                if (message.Text.Length > 0) w.WriteString("caption"u8, message.Text);
            }

            if (file.Link is { } link) w.WriteString(name, link.AbsoluteUri);
        }

        return file.Link is not null
            ? (path, GatewayBody.Of(Write))
            : (path, GatewayBody.With(file, System.Text.Encoding.ASCII.GetBytes(name), default, Write));
    }

    private static void Buttons(Utf8JsonWriter w, OutboundMessage message, OutboundContent.Buttons buttons)
    {
        Begin(w, message);
        w.WriteString("title"u8, message.Text);
        w.WriteStartArray("buttons"u8);
        foreach (OutboundContent.Choice option in buttons.Options)
        {
            w.WriteStartObject();
            w.WriteString("type"u8, "reply"u8);
            w.WriteString("displayText"u8, option.Title);
            w.WriteString("id"u8, option.Id);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }

    private static void Choices(Utf8JsonWriter w, OutboundMessage message, OutboundContent.Choices choices)
    {
        Begin(w, message);
        w.WriteString("title"u8, ""u8);
        w.WriteString("description"u8, message.Text);
        w.WriteString("buttonText"u8, choices.Label);
        w.WriteString("footerText"u8, ""u8);
        w.WriteStartArray("sections"u8);
        w.WriteStartObject();
        w.WriteString("title"u8, choices.Label);
        w.WriteStartArray("rows"u8);
        foreach (OutboundContent.Choice option in choices.Options)
        {
            w.WriteStartObject();
            w.WriteString("title"u8, option.Title);
            w.WriteString("description"u8, option.Description ?? "");
            w.WriteString("rowId"u8, option.Id);
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteEndObject();
        w.WriteEndArray();
    }

    private static void Place(Utf8JsonWriter w, OutboundMessage message, OutboundContent.Place place)
    {
        Begin(w, message);
        w.WriteNumber("latitude"u8, place.Latitude);
        w.WriteNumber("longitude"u8, place.Longitude);
        // Both are required.
        w.WriteString("name"u8, place.Name ?? place.Address ?? message.Text);
        w.WriteString("address"u8, place.Address ?? place.Name ?? message.Text);
    }

    private static void Key(Utf8JsonWriter w, string? address, string messageId)
    {
        w.WriteStartObject("key"u8);
        KeyFields(w, address, messageId);
        w.WriteEndObject();
    }

    /// <summary>A message of the customer's, in WhatsApp's own words.</summary>
    private static void KeyFields(Utf8JsonWriter w, string? address, string messageId)
    {
        if (address is not null)
        {
            w.WriteString("remoteJid"u8, Jid.Parse(address)?.ToString() ?? address);
            w.WriteBoolean("fromMe"u8, false);
        }

        w.WriteString("id"u8, messageId);
    }
}
