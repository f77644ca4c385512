using System.Net;
using System.Net.Http.Headers;

namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// The connections that all numbers share, and nothing of what a general HTTP client adds: no cookies, no proxy from
/// the environment, no redirects (they would carry the token elsewhere), no trace headers to the provider.
/// </summary>
internal sealed class MetaConnection : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly HttpMessageInvoker _http;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public MetaConnection(MetaCloudOptions options, TimeProvider time)
    {
        _timeout = options.SendTimeout;
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
        using var limit = new CancellationTokenSource(_timeout, _time);
        var content = new Content(body);
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(_ =>
        {
            if (!content.HasLeft) limit.Cancel();
        }, null);
        using var request = new HttpRequestMessage(HttpMethod.Post, route.Messages) { Content = content };
        request.Headers.TryAddWithoutValidation("Authorization", route.Authorization);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, limit.Token);
            return await MetaAnswer.ReadAsync(response, _time, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            if (!content.HasLeft) cancellationToken.ThrowIfCancellationRequested();
            string code = e is OperationCanceledException ? "timeout" : "no_connection";
            return new MetaAnswer.None(code, content.HasLeft);
        }
    }

    /// <summary>Reads the number itself: costs the provider little, and tells whether the account is taken.</summary>
    public async Task<MetaAnswer> GetAsync(MetaRoute route, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var clock = new CancellationTokenSource(_timeout, _time);
        using CancellationTokenRegistration registration = clock.Token.UnsafeRegister(_ => limit.Cancel(), null);
        using var request = new HttpRequestMessage(HttpMethod.Get, route.Number);
        request.Headers.TryAddWithoutValidation("Authorization", route.Authorization);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, limit.Token);
            return await MetaAnswer.ReadAsync(response, _time, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new MetaAnswer.None(e is OperationCanceledException ? "timeout" : "no_connection", false);
        }
    }

    public void Dispose() => _http.Dispose();

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
