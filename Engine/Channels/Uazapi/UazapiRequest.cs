using System.Text.Json;
using Vellarys.Channels.Gateways.Calls;

namespace Vellarys.Channels.Uazapi;

/// <summary>UAZAPI's calls: a path and a body.</summary>
internal static class UazapiRequest
{
    /// <summary>By which our own messages are known again when they are told.</summary>
    public const string Source = "vellarys";

    // How long the customer sees it, or until the answer is there.
    private const int TypingMs = 15_000;

    public static (string Path, GatewayBody Body) Of(OutboundMessage message) => message.Content switch
    {
        OutboundContent.Media media when message.File is { } file => ("send/media", Media(message, media, file)),
        OutboundContent.Buttons buttons => ("send/menu", Menu(message, "button", null, buttons.Options)),
        OutboundContent.Choices choices => ("send/menu", Menu(message, "list", choices.Label, choices.Options)),
        OutboundContent.Reaction reaction => ("message/react", GatewayBody.Of(w =>
        {
            w.WriteString("number"u8, message.To);
            w.WriteString("text"u8, reaction.Emoji);
            w.WriteString("id"u8, reaction.To);
        })),
        OutboundContent.Place place => ("send/location", GatewayBody.Of(w =>
        {
            Begin(w, message);
            w.WriteNumber("latitude"u8, place.Latitude);
            w.WriteNumber("longitude"u8, place.Longitude);
            if (place.Name is not null) w.WriteString("name"u8, place.Name);
            if (place.Address is not null) w.WriteString("address"u8, place.Address);
        })),
        _ => ("send/text", GatewayBody.Of(w =>
        {
            Begin(w, message);
            w.WriteString("text"u8, Plain(message.Text));
            w.WriteBoolean("linkPreview"u8, false);
        })),
    };

    public static GatewayBody Read(string messageId) => GatewayBody.Of(w =>
    {
        w.WriteStartArray("id"u8);
        w.WriteStringValue(messageId);
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
        w.WriteString("track_source"u8, Source);
        w.WriteString("track_id"u8, message.CorrelationId);
        if (message.Quotes is { } quoted) w.WriteString("replyid"u8, quoted);
    }

    private static GatewayBody Media(OutboundMessage message, OutboundContent.Media media, OutboundFile file)
    {
        void Write(Utf8JsonWriter w)
        {
            Begin(w, message);
            w.WriteString("type"u8, media is { Kind: "audio", IsVoice: true } ? "ptt" : media.Kind);
            w.WriteString("mimetype"u8, file.MimeType);
            if (media.Kind == "document") w.WriteString("docName"u8, file.Name);
            if (message.Text.Length > 0) w.WriteString("text"u8, Plain(message.Text));
            if (file.Link is { } link) w.WriteString("file"u8, link.AbsoluteUri);
        }

        return file.Link is not null ? GatewayBody.Of(Write) : GatewayBody.With(file, "file"u8, default, Write);
    }

    private static GatewayBody Menu(
        OutboundMessage message, string type, string? label, IReadOnlyList<OutboundContent.Choice> options) =>
        GatewayBody.Of(w =>
        {
            Begin(w, message);
            w.WriteString("type"u8, type);
            w.WriteString("text"u8, Plain(message.Text));
            if (label is not null) w.WriteString("listButton"u8, label);
            w.WriteStartArray("choices"u8);
            foreach (OutboundContent.Choice option in options)
            {
                string choice = $"{Part(option.Title)}|{Part(option.Id)}";
                w.WriteStringValue(
                    type == "list" && option.Description is { } more ? $"{choice}|{Part(more)}" : choice);
            }

            w.WriteEndArray();
        });

    /// <summary>What stands between double braces UAZAPI replaces by what it knows of the contact.</summary>
    private static string Plain(string text) => text.Replace("{{", "{ {", StringComparison.Ordinal);

    // The parts of a choice are told apart by this sign.
    private static string Part(string text) => Plain(text.Replace('|', '/'));
}
