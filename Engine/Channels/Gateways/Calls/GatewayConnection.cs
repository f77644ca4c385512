using System.Net.Http;
using Vellarys.Http;

namespace Vellarys.Channels.Gateways.Calls;

/// <summary>
/// The connections to all gateways, whose servers companies name themselves: to the public internet and to what the
/// installation vouches for, nowhere else. No cookies, no proxy, no redirects (they would carry the key elsewhere), no
/// trace headers.
/// </summary>
internal sealed class GatewayConnection : IDisposable
{
    private const int LongerWithAFile = 10;
    private readonly HttpMessageInvoker _http;
    private readonly GatewayOptions _options;
    private readonly TimeProvider _time;

    public GatewayConnection(GatewayOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        SocketsHttpHandler handler = PublicAddress.Handler(
            allowsLoopback: false, allowsPrivate: options.IsPrivateServer);
        handler.ActivityHeadersPropagator = null;
        handler.ConnectTimeout = options.ConnectTimeout;
        handler.MaxConnectionsPerServer = options.MaxConnections;
        // So that a change of the gateway's addresses is noticed.
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        handler.PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1);
        handler.UseCookies = false;
        _http = new HttpMessageInvoker(handler);
    }

    /// <summary>
    /// Calls and reads the whole answer. The caller's token ends the wait only while nothing has left: what has left is
    /// followed to its end, within the time limit, because cutting it off would only make its outcome unknown.
    /// </summary>
    /// <param name="body">Null for a GET.</param>
    public async Task<GatewayAnswer> CallAsync(
        GatewayRoute route, string path, GatewayBody? body, CancellationToken cancellationToken)
    {
        TimeSpan longest = body is { HasFile: true } ? _options.SendTimeout * LongerWithAFile : _options.SendTimeout;
        using var limit = new CancellationTokenSource(longest, _time);
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(_ =>
        {
            if (body is not { HasLeft: true }) limit.Cancel();
        }, null);
        using HttpRequestMessage request = route.Request(path, body);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, limit.Token);
            return await GatewayAnswer.ReadAsync(response, _time, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            bool hasLeft = body is { HasLeft: true };
            if (!hasLeft) cancellationToken.ThrowIfCancellationRequested();
            return new GatewayAnswer.None(Code(e, body), hasLeft);
        }
    }

    /// <summary>
    /// Opens what a call answers, to be read as it comes; or says why not. The limit is for its head: who reads the
    /// rest has a limit of their own.
    /// </summary>
    public async Task<(HttpResponseMessage? Response, string? Fault)> OpenAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(_options.SendTimeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Token);
        try
        {
            return (await _http.SendAsync(request, limit.Token), null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (null, Code(e, null));
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Code(Exception e, GatewayBody? body) => e switch
    {
        _ when body is { IsFileBroken: true } => "file_unreadable",
        OperationCanceledException => "timeout",
        NotPublicAddress => "not_public",
        { InnerException: NotPublicAddress } => "not_public",
        _ => "no_connection",
    };
}
