using System.Net.Http.Headers;
using Vellarys.Http;

namespace Vellarys.Webhooks;

/// <summary>
/// One signed POST to an address that a tenant chose: public ones only, no redirects, no proxy, a limit of time. The
/// status says all: of what comes behind it not a byte is read.
/// </summary>
internal sealed class CallWebhook(
    IHttpClientFactory http, WebhookOptions options, ICrashPoints crashPoints, TimeProvider time)
{
    public const string HttpClientName = "webhooks";

    public async Task<CallOutcome> RunAsync(
        Uri url, Guid id, byte[] body, IReadOnlyList<string> secrets, CancellationToken cancellationToken)
    {
        // A signature that nobody can verify looks like a forgery: it is no call at all.
        if (secrets.Count == 0) return new CallOutcome(null, "secret", 0);
        long started = time.GetTimestamp();
        long timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add(WebhookSignature.IdHeader, id.ToString());
        request.Headers.Add(
            WebhookSignature.TimestampHeader,
            timestamp.ToString(System.Globalization.CultureInfo.InvariantCulture));
        request.Headers.Add(
            WebhookSignature.SignatureHeader, WebhookSignature.Of(id.ToString(), timestamp, body, secrets));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Vellarys-Webhooks", "1"));

        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using HttpClient client = http.CreateClient(HttpClientName);
        crashPoints.Reach("webhook:before-call");
        try
        {
            using HttpResponseMessage answer = await client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            crashPoints.Reach("webhook:after-call");
            int status = (int)answer.StatusCode;
            return answer.IsSuccessStatusCode
                ? new CallOutcome(status, null, Elapsed(started))
                : new CallOutcome(status, $"status_{status}", Elapsed(started), RetryAfter(answer));
        }
        catch (HttpRequestException e)
        {
            return new CallOutcome(null, ReasonOf(e), Elapsed(started));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CallOutcome(null, "timeout", Elapsed(started));
        }
    }

    private int Elapsed(long started) => (int)time.GetElapsedTime(started).TotalMilliseconds;

    private TimeSpan? RetryAfter(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };

    private static string ReasonOf(HttpRequestException e)
    {
        for (Exception? cause = e; cause is not null; cause = cause.InnerException)
            if (cause is NotPublicAddress) return "not_public";
        return e.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "name",
            HttpRequestError.SecureConnectionError => "tls",
            _ when e.InnerException is System.Net.Sockets.SocketException { SocketErrorCode: var code }
                && code is System.Net.Sockets.SocketError.HostNotFound
                    or System.Net.Sockets.SocketError.NoData => "name",
            _ => "connection",
        };
    }
}
