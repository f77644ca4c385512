using System.Net.Http;

namespace Vellarys.Channels.Gateways.Calls;

/// <summary>Fetches a file from an address that a gateway named.</summary>
internal static class GatewayFile
{
    private const int MaxRedirects = 3;

    /// <summary>
    /// The address decides nothing: each connection, after each redirect, is to a public server or to none.
    /// </summary>
    public static async Task<MediaDownload> OpenAsync(
        GatewayConnection connection, string address, CancellationToken cancellationToken)
    {
        Uri? at = Address(address);
        for (int i = 0; at is not null && i <= MaxRedirects; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, at);
            (HttpResponseMessage? response, string? fault) = await connection.OpenAsync(request, cancellationToken);
            if (response is null)
            {
                return fault == "not_public" ? new MediaDownload.Gone(fault) : new MediaDownload.NotNow(fault!);
            }

            int status = (int)response.StatusCode;
            if (status is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is { } next)
            {
                at = Address(new Uri(at, next).AbsoluteUri);
                response.Dispose();
                continue;
            }

            return await OpenedAsync(response, status, cancellationToken);
        }

        return new MediaDownload.Gone(at is null ? "bad_url" : "redirects");
    }

    private static async Task<MediaDownload> OpenedAsync(
        HttpResponseMessage response, int status, CancellationToken cancellationToken)
    {
        if (status == 200)
        {
            Stream content = await response.Content.ReadAsStreamAsync(cancellationToken);
            return new MediaDownload.Opened(
                new ResponseStream(response, content),
                MediaTypes.Plain(response.Content.Headers.ContentType?.ToString()),
                response.Content.Headers.ContentLength);
        }

        TimeSpan? wait = response.Headers.RetryAfter?.Delta;
        response.Dispose();
        return Failed(status, wait);
    }

    /// <summary>What is not there will not come back; everything else may.</summary>
    public static MediaDownload Failed(int status, TimeSpan? retryAfter)
    {
        string code = string.Create(null, $"http_{status}");
        return status is 400 or 403 or 404 or 410 or 422
            ? new MediaDownload.Gone(code)
            : new MediaDownload.NotNow(code, retryAfter);
    }

    private static Uri? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? at) && (at.Scheme is "http" or "https") && at.Host.Length > 0
            && at.UserInfo.Length == 0 ? at : null;
}
