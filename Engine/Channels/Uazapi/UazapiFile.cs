using System.Text.Json;
using Vellarys.Channels.Gateways;
using Vellarys.Channels.Gateways.Calls;


namespace Vellarys.Channels.Uazapi;

/// <summary>
/// A file of a message: UAZAPI decrypts it when it is asked to, and answers with an address that is good for about two
/// days.
/// </summary>
internal static class UazapiFile
{
    /// <param name="media">Its reference is the message's id.</param>
    public static async Task<MediaDownload> OpenAsync(
        GatewayConnection connection, GatewayRoute route, InboundMedia media, CancellationToken cancellationToken)
    {
        if (route.Fault is { } fault) return new MediaDownload.NotNow(fault);
        GatewayAnswer answer = await connection.CallAsync(route, "message/download", GatewayBody.Of(w =>
        {
            w.WriteString("id"u8, media.Reference);
            w.WriteBoolean("return_link"u8, true);
            w.WriteBoolean("return_base64"u8, false);
            // As it was spoken: what is made of it later knows both.
            w.WriteBoolean("generate_mp3"u8, false);
            w.WriteBoolean("transcribe"u8, false);
            w.WriteBoolean("download_quoted"u8, false);
        }), cancellationToken);
        if (answer is not GatewayAnswer.Whole whole)
            return new MediaDownload.NotNow(((GatewayAnswer.None)answer).Code);
        if (!whole.IsSuccess)
        {
            return whole.Status is 401 or 403
                ? new MediaDownload.NotNow(whole.Code)
                : GatewayFile.Failed(whole.Status, whole.RetryAfter);
        }

        string? address = whole.Body.Text("fileURL"u8, 2_048);
        if (address is not null)
        {
            MediaDownload file = await GatewayFile.OpenAsync(connection, address, cancellationToken);
            return file is MediaDownload.Opened opened
                ? opened with { MimeType = MediaTypes.Plain(whole.Body.Text("mimetype"u8)) ?? opened.MimeType }
                : file;
        }

        // Small enough to have been answered whole.
        return whole.Body.Find("base64Data"u8, out JsonElement data) && Decoded(data) is { } bytes
            ? new MediaDownload.Opened(
                new MemoryStream(bytes, writable: false), MediaTypes.Plain(whole.Body.Text("mimetype"u8)), bytes.Length)
            : new MediaDownload.Gone("no_file");
    }

    private static byte[]? Decoded(JsonElement data)
    {
        if (data.ValueKind != JsonValueKind.String) return null;
        return data.TryGetBytesFromBase64(out byte[]? bytes) ? bytes : null;
    }
}
