using System.Globalization;
using System.Text.Json;
using Vellarys.Channels.Files;

namespace Vellarys.Channels.MetaCloud.Files;

/// <summary>Where a file can be fetched, for a few minutes.</summary>
/// <param name="Url">A secret: with the account's token it is the file.</param>
internal sealed record MetaFile(Uri Url, string? MimeType, long? Size)
{
    private const int MaxUrl = 4_096;

    /// <summary>Null for what is no such answer.</summary>
    public static MetaFile? Read(JsonElement root)
    {
        if (!Uri.TryCreate(root.Hint("url"u8, MaxUrl), UriKind.Absolute, out Uri? url)) return null;
        if (url.Scheme is not ("http" or "https")) return null;
        return new MetaFile(url, MimeTypes.Plain(root.Hint("mime_type"u8)), SizeOf(root));
    }

    public static long? SizeOf(JsonElement parent) =>
        long.TryParse(
            parent.StringOrNumber("file_size"u8, 20), NumberStyles.None, CultureInfo.InvariantCulture, out long size)
            ? size
            : null;

    /// <summary>Leaves the address out.</summary>
    public override string ToString() => $"{MimeType}, {Size} bytes";
}
