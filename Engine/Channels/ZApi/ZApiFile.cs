using System.Text;
using System.Text.Json;
using Vellarys.Channels.Gateways;

namespace Vellarys.Channels.ZApi;

/// <summary>A file that Z-API has fetched already: an address that is open to whoever knows it, for 30 days.</summary>
internal static class ZApiFile
{
    private const int MaxReference = 2_048;

    /// <summary>Null where there is no such file.</summary>
    /// <param name="field"><c>image</c>: then its address is <c>imageUrl</c>.</param>
    public static GatewayContent? Read(JsonElement parent, string kind, string field)
    {
        JsonElement file = parent.Part(Encoding.ASCII.GetBytes(field));
        if (file.ValueKind != JsonValueKind.Object) return null;
        bool isVoice = kind == "audio" && file.Flag("ptt"u8);
        GatewayContent read = GatewayContent.Message(kind, file.Text("caption"u8, GatewayContent.MaxText)) with
        {
            Media = Media(file, kind, field, isVoice),
        };
        if (isVoice) read.Details.Add("voice", "yes");
        if (kind == "document") read.Details.Add("file", file.Text("fileName"u8, 500) ?? file.Text("title"u8, 500));
        // Z-API could not fetch it either.
        if (file.Text("downloadError"u8) is not null) read.Details.Add("error", "download failed");
        return read;
    }

    private static InboundMedia? Media(JsonElement file, string kind, string field, bool isVoice)
    {
        string? address = file.Text(Encoding.ASCII.GetBytes(field + "Url"), MaxReference + 1)
            ?? file.Text(Encoding.ASCII.GetBytes(kind + "Url"), MaxReference + 1);
        if (address is null or { Length: > MaxReference } || file.Text("downloadError"u8) is not null) return null;
        string? name = kind == "document" ? file.Text("fileName"u8) ?? file.Text("title"u8) : null;
        return new InboundMedia(
            kind, address, MediaTypes.Plain(file.Text("mimeType"u8)), name, file.Number("fileLength"u8))
        {
            IsVoice = isVoice,
            IsViewOnce = file.Flag("viewOnce"u8),
        };
    }
}
