using System.Globalization;
using Vellarys.Channels.Files;

namespace Vellarys.Channels.MetaCloud.Files;

/// <summary>
/// A file in two steps: its id is asked for an address, which holds for five minutes, and the address for the file. The
/// token goes to no other host than the one that <paramref name="place"/> allows.
/// </summary>
/// <param name="place">Where an address that the API gave may be asked; null: nowhere.</param>
internal sealed class FetchFile(
    MetaConnection connection, Func<Uri, Uri?> place, TimeSpan silence, TimeProvider time)
{
    private const int MostHops = 3;

    public async Task<MediaDownload> RunAsync(
        MetaRoute route, InboundMedia media, CancellationToken cancellationToken)
    {
        if (route.Fault is { } fault) return new MediaDownload.NotNow(fault);
        MediaDownload last = new MediaDownload.Gone("expired");
        // An address that has run out is asked for once more.
        for (int attempt = 0; attempt < 2; attempt++)
        {
            MetaAnswer found = await connection.GetAsync(route.Media(media.Reference), route, cancellationToken);
            if (found is not MetaAnswer.Whole { IsSuccess: true, ErrorCode: null, File: { } file })
                return Failed(found);
            last = await OpenAsync(route, file, cancellationToken);
            if (last is not MediaDownload.Gone) break;
        }

        return last;
    }

    private async Task<MediaDownload> OpenAsync(MetaRoute route, MetaFile file, CancellationToken cancellationToken)
    {
        Uri? at = file.Url;
        for (int hop = 0; hop < MostHops; hop++)
        {
            at = place(at);
            if (at is null) return new MediaDownload.NotNow("foreign_address");
            (HttpResponseMessage? response, MetaAnswer? failure) =
                await connection.OpenAsync(at, route, cancellationToken);
            if (response is not null) return await OpenedAsync(response, file, cancellationToken);
            if (failure is not MetaAnswer.Whole { Status: >= 300 and < 400, Location: { } next })
                return Failed(failure!);
            at = new Uri(at, next);
        }

        return new MediaDownload.NotNow("redirected");
    }

    private async Task<MediaDownload> OpenedAsync(
        HttpResponseMessage response, MetaFile file, CancellationToken cancellationToken)
    {
        Stream content = await response.Content.ReadAsStreamAsync(cancellationToken);
        return new MediaDownload.Opened(
            new ResponseStream(response, content, silence, time),
            file.MimeType ?? MimeTypes.Plain(response.Content.Headers.ContentType?.MediaType),
            response.Content.Headers.ContentLength ?? file.Size);
    }

    private static MediaDownload Failed(MetaAnswer answer)
    {
        if (answer is not MetaAnswer.Whole whole) return new MediaDownload.NotNow(((MetaAnswer.None)answer).Code);
        string code = whole.ErrorCode ?? string.Create(CultureInfo.InvariantCulture, $"http_{whole.Status}");
        // 100 with 33: there is no such object, or none that the token may see. 131052: it cannot be had any more.
        bool isGone = whole is { Status: 404 or 410, ErrorCode: null or "100" or "131052" }
            or { ErrorCode: "100", Subcode: "33" } or { ErrorCode: "131052" };
        return isGone ? new MediaDownload.Gone(code) : new MediaDownload.NotNow(code, whole.RetryAfter);
    }
}
