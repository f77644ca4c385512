using System.Text.Json;
using Vellarys.Channels.Files;

namespace Vellarys.Channels.MetaCloud.Files;

/// <summary>The file that an item names; it has to be asked for by its id.</summary>
internal static class MetaMedia
{
    private const int MaxName = 240;

    /// <summary>Null for a type that has none, and for one that does not say which.</summary>
    public static InboundMedia? Read(JsonElement item, string type)
    {
        ReadOnlySpan<byte> field = type switch
        {
            "image" => "image"u8,
            "video" => "video"u8,
            "audio" => "audio"u8,
            "voice" => "voice"u8,
            "document" => "document"u8,
            "sticker" => "sticker"u8,
            _ => default,
        };
        if (field.IsEmpty || !item.TryGetObject(field, out JsonElement file)) return null;
        if (file.StringOrNumber("id"u8) is not { Length: > 0 } id) return null;
        string kind = type == "voice" ? "audio" : type;
        string? name = file.Hint("filename"u8, MaxName);
        return new InboundMedia(
            kind, id, MimeTypes.Plain(file.Hint("mime_type"u8)), string.IsNullOrWhiteSpace(name) ? null : name,
            MetaFile.SizeOf(file))
        {
            IsVoice = type == "voice" || file.IsTrue("voice"u8),
            IsViewOnce = file.IsTrue("view_once"u8),
        };
    }
}
