using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// WhatsApp's own Cloud API. One Meta app has one callback for many numbers, so webhooks may come on the app-level
/// path, signed with the app's secret; a number whose channel has secrets of its own belongs to another app.
/// </summary>
internal sealed class MetaCloudProvider : IProvider, IDisposable
{
    internal const string KindName = "meta-cloud";

    private readonly MetaCloudOptions _options;
    private readonly MetaHandshake _handshake;
    private readonly MetaApi _api;
    private readonly MetaRoutes _routes;
    private readonly ILogger<MetaCloudProvider> _logger;

    public MetaCloudProvider(MetaCloudOptions options, TimeProvider time, ILogger<MetaCloudProvider> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _handshake = new MetaHandshake(options);
        _api = new MetaApi(options.Connection, time, MetaOutcomes.Of, Place);
        _routes = new MetaRoutes(channel => MetaRoute.Of(options.BaseUrl, channel));
        _logger = logger;
    }

    public string Kind => KindName;

    public IReadOnlyList<string> Aliases { get; } = ["meta", "/api/whatsapp/webhooks/messages"];

    public bool HasServiceWindow => true;

    public OutboundKinds Sends => MetaApi.Sends;

    public SendPace Pace => SendPace.Meta;

    public ChannelForm Form => MetaChannelForm.Form;

    public string? AnswerHandshake(Channel? channel, IQueryCollection query) => _handshake.Answer(channel, query);

    public bool HasHandshake => true;

    public string? HandshakeQuery(Channel channel, string challenge) => _handshake.Query(channel, challenge);

    public bool LooksSigned(Channel? channel, IHeaderDictionary headers) => HubSignature.IsWellFormed(headers);

    public bool IsAuthentic(Channel? channel, IHeaderDictionary headers, ReadOnlySpan<byte> body) =>
        HubSignature.IsRight(
            headers, body, channel is { WebhookSecrets.Count: > 0 } ? channel.WebhookSecrets : _options.AppSecrets);

    public WebhookContent Read(Channel? channel, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) =>
        MetaWebhook.Read(body, receivedAt);

    public Task<SendOutcome> SendAsync(
        Channel channel, OutboundMessage message, CancellationToken cancellationToken) =>
        _api.SendAsync(_routes.For(channel), message, cancellationToken);

    public async Task<ChannelProbe> ProbeAsync(Channel channel, CancellationToken cancellationToken)
    {
        MetaRoute route = _routes.For(channel);
        if (route.Fault is { } fault) return new ChannelProbe.Refused(fault);
        return MetaOutcomes.OfProbe(await _api.ProbeAsync(route, cancellationToken));
    }

    public Task<MediaDownload> DownloadAsync(
        Channel channel, InboundMedia media, CancellationToken cancellationToken) =>
        _api.DownloadAsync(_routes.For(channel), media, cancellationToken);

    public async Task MarkReadAsync(
        Channel channel, string providerMessageId, CancellationToken cancellationToken)
    {
        if (!await _api.MarkReadAsync(_routes.For(channel), providerMessageId, cancellationToken))
            Log.ReadMarkFailed(_logger, channel.Id);
    }

    public void Dispose() => _api.Dispose();

    /// <summary>The token is shown to Meta's own hosts and to the one that we were told, and to no other.</summary>
    private Uri? Place(Uri address)
    {
        bool isMetas = address is { Scheme: "https", IsDefaultPort: true }
            && address.Host is "lookaside.fbsbx.com" or "graph.facebook.com";
        return isMetas || IsOrigin(address, new Uri(_options.BaseUrl)) ? address : null;
    }

    private static bool IsOrigin(Uri address, Uri own) =>
        (address.Scheme, address.Host, address.Port) == (own.Scheme, own.Host, own.Port);
}
