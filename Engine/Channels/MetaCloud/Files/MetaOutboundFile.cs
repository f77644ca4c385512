using System.Text.Json;
using Vellarys.Channels.Outbound;

namespace Vellarys.Channels.MetaCloud.Files;

/// <summary>
/// A file as a message names it, and as what Meta takes it: pictures in two formats only, for instance.
/// </summary>
internal static class MetaOutboundFile
{
    private const int MaxCaption = 1_024;
    private const int MaxName = 240;
    private const long MiB = 1_024 * 1_024;

    /// <summary>Null when it can be sent; what Meta does not take of its own kind goes as a document.</summary>
    public static string? FaultOf(OutboundFile file) => file.Length switch
    {
        <= 0 => "file_empty",
        > 100 * MiB => "file_too_large",
        _ => null,
    };

    /// <param name="upload">The id of the uploaded file; null: Meta fetches it by its link.</param>
    public static void Write(
        Utf8JsonWriter writer, OutboundContent.Media media, OutboundFile file, string? upload, string caption)
    {
        string kind = KindOf(media.Kind, file);
        writer.WriteString("type"u8, kind);
        writer.WriteStartObject(kind);
        if (upload is not null) writer.WriteString("id"u8, upload);
        else if (file.Link is { } link) writer.WriteString("link"u8, link.AbsoluteUri);
        if (kind is "image" or "video" or "document" && !string.IsNullOrWhiteSpace(caption))
            writer.WriteString("caption"u8, Caption(caption));
        if (kind == "document") writer.WriteString("filename"u8, Name(file));
        if (kind == "audio" && media.IsVoice && file.MimeType == "audio/ogg") writer.WriteBoolean("voice"u8, true);
        writer.WriteEndObject();
    }

    /// <summary>By the lists of formats and sizes in Meta's documentation.</summary>
    public static string KindOf(string wanted, OutboundFile file)
    {
        bool isTaken = wanted switch
        {
            "image" => file is { MimeType: "image/jpeg" or "image/png", Length: <= 5 * MiB },
            "video" => file is { MimeType: "video/mp4" or "video/3gpp", Length: <= 16 * MiB },
            "audio" => file is
            {
                MimeType: "audio/aac" or "audio/amr" or "audio/mpeg" or "audio/mp4" or "audio/ogg",
                Length: <= 16 * MiB,
            },
            "sticker" => file is { MimeType: "image/webp", Length: <= 500 * 1_024 },
            _ => false,
        };
        return isTaken ? wanted : "document";
    }

    private static string Caption(string text) =>
        text.Length <= MaxCaption ? text : TextParts.Split(text, MaxCaption - 1)[0] + "…";

    private static string Name(OutboundFile file) =>
        file.Name.Length == 0 ? "file" : file.Name[^Math.Min(file.Name.Length, MaxName)..];
}
