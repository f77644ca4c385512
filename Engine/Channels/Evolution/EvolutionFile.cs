using System.Net.Http;
using Vellarys.Channels.Gateways.Calls;

namespace Vellarys.Channels.Evolution;

/// <summary>
/// A file of a message: Evolution fetches and decrypts it, and answers with its base64; where it has a store of its
/// own, the address in that store is the second way.
/// </summary>
internal static class EvolutionFile
{
    /// <param name="media">Its reference is the message's id, and perhaps a blank and an address.</param>
    public static async Task<MediaDownload> OpenAsync(
        GatewayConnection connection, GatewayRoute route, string instance, InboundMedia media,
        CancellationToken cancellationToken)
    {
        if (route.Fault is { } fault) return new MediaDownload.NotNow(fault);
        string[] ways = media.Reference.Split(' ', 2);
        MediaDownload first = await AskAsync(connection, route, instance, ways[0], cancellationToken);
        return first is MediaDownload.Gone && ways.Length > 1
            ? await GatewayFile.OpenAsync(connection, ways[1], cancellationToken)
            : first;
    }

    private static async Task<MediaDownload> AskAsync(
        GatewayConnection connection, GatewayRoute route, string instance, string id,
        CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = route.Request(
            $"chat/getBase64FromMediaMessage/{instance}", GatewayBody.Of(w =>
            {
                w.WriteStartObject("message"u8);
                w.WriteStartObject("key"u8);
                w.WriteString("id"u8, id);
                w.WriteEndObject();
                w.WriteEndObject();
                w.WriteBoolean("convertToMp4"u8, false);
            }));
        (HttpResponseMessage? response, string? fault) = await connection.OpenAsync(request, cancellationToken);
        if (response is null) return new MediaDownload.NotNow(fault!);
        if (response.IsSuccessStatusCode) return await DecodedAsync(response, cancellationToken);
        int status = (int)response.StatusCode;
        TimeSpan? wait = response.Headers.RetryAfter?.Delta;
        response.Dispose();
        // 401 and 403 are about the key, which can be mended.
        return status is 401 or 403
            ? new MediaDownload.NotNow(string.Create(null, $"http_{status}"))
            : GatewayFile.Failed(status, wait);
    }

    private static async Task<MediaDownload> DecodedAsync(
        HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var answer = new ResponseStream(response, await response.Content.ReadAsStreamAsync(cancellationToken));
            return await Base64Answer.OpenAsync(answer, cancellationToken) is { } file
                ? new MediaDownload.Opened(file, file.MimeType, null)
                : new MediaDownload.Gone("no_file");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            response.Dispose();
            return new MediaDownload.NotNow("no_connection");
        }
    }
}
