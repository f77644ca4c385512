using System.Net;
using System.Net.Http.Headers;
using Vellarys.Channels.MetaCloud.Files;

namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// The connections that all numbers share, and nothing of what a general HTTP client adds: no cookies, no proxy from
/// the environment, no redirects (they would carry the token elsewhere), no trace headers to the provider.
/// </summary>
internal sealed class MetaConnection : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly HttpMessageInvoker _http;
    private readonly MetaConnectionOptions _options;
    private readonly TimeProvider _time;

    public MetaConnection(MetaConnectionOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            ConnectTimeout = options.ConnectTimeout,
            MaxConnectionsPerServer = options.MaxConnections,
            // What is left of an answer that is longer than any of Meta's is not read to keep its connection.
            MaxResponseDrainSize = 0,
            // So that a change of the provider's addresses is noticed.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            UseCookies = false,
            UseProxy = false,
        });
    }

    /// <summary>
    /// Posts and reads the whole answer. The caller's token ends the wait only while nothing has left: what has left is
    /// followed to its end, within the time limit, because cutting it off would only make its outcome unknown.
    /// </summary>
    public async Task<MetaAnswer> PostAsync(MetaRoute route, MetaRequest body, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.SendTimeout, _time);
        var content = new Content(body);
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(_ =>
        {
            if (!content.HasLeft) limit.Cancel();
        }, null);
        using HttpRequestMessage request = Request(HttpMethod.Post, route.Messages, route);
        request.Content = content;
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, limit.Token);
            return await MetaAnswer.ReadAsync(response, _time, limit.Token);
        }
        catch (Exception e) when (IsNoAnswer(e))
        {
            if (!content.HasLeft) cancellationToken.ThrowIfCancellationRequested();
            return new MetaAnswer.None(CodeOf(e), content.HasLeft);
        }
    }

    public async Task<MetaAnswer> GetAsync(Uri address, MetaRoute route, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(HttpMethod.Get, address, route);
        return await AskAsync(request, _options.SendTimeout, cancellationToken);
    }

    /// <summary>A file on its way to the provider, which tells nobody of it until it is sent by its id.</summary>
    public async Task<MetaAnswer> UploadAsync(
        MetaRoute route, OutboundFile file, Stream content, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(HttpMethod.Post, route.Uploads, route);
        request.Content = MetaUpload.Of(file, content);
        return await AskAsync(request, _options.FileTimeout, cancellationToken);
    }

    /// <summary>
    /// Begins to fetch a file: a response, whose content is still to be read, or why there is none. Its answer is read
    /// where it is no success.
    /// </summary>
    public async Task<(HttpResponseMessage? Response, MetaAnswer? Failure)> OpenAsync(
        Uri address, MetaRoute route, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = Request(HttpMethod.Get, address, route);
        // Some of Meta's servers refuse whoever does not say what they are.
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Vellarys", null));
        using var clock = new CancellationTokenSource(_options.SendTimeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Token);
        try
        {
            HttpResponseMessage response = await _http.SendAsync(request, limit.Token);
            if (response.IsSuccessStatusCode) return (response, null);
            using (response) return (null, await MetaAnswer.ReadAsync(response, _time, limit.Token));
        }
        catch (Exception e) when (IsNoAnswer(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (null, new MetaAnswer.None(CodeOf(e), false));
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<MetaAnswer> AskAsync(
        HttpRequestMessage request, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(longest, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Token);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, limit.Token);
            return await MetaAnswer.ReadAsync(response, _time, limit.Token);
        }
        catch (Exception e) when (IsNoAnswer(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new MetaAnswer.None(CodeOf(e), false);
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri address, MetaRoute route)
    {
        var request = new HttpRequestMessage(method, address);
        request.Headers.TryAddWithoutValidation(route.Header, route.Secret);
        return request;
    }

    private static bool IsNoAnswer(Exception e) =>
        e is HttpRequestException or IOException or OperationCanceledException;

    private static string CodeOf(Exception e) => e is OperationCanceledException ? "timeout" : "no_connection";

    /// <summary>Knows whether the provider can have seen the request.</summary>
    private sealed class Content : HttpContent
    {
        private readonly MetaRequest _body;

        public Content(MetaRequest body)
        {
            _body = body;
            Headers.ContentType = Json;
        }

        /// <summary>The body goes out after the connection stands; without it the provider can do nothing.</summary>
        public bool HasLeft { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(
            Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            HasLeft = true;
            return stream.WriteAsync(_body.Json, cancellationToken).AsTask();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Json.Length;
            return true;
        }
    }
}
