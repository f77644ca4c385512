using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vellarys.Channels.MetaCloud;

namespace Vellarys.Channels.Dialog360;

/// <summary>
/// Meta's Cloud API as 360dialog passes it on: the same messages and webhooks, but each number has a key of its own in
/// place of an id and a token, and webhooks are proven by a header of the company's own.
/// </summary>
internal sealed class Dialog360Provider : IProvider, IDisposable
{
    internal const string KindName = "360dialog";
    private const string KeyHeader = "D360-API-KEY";

    private readonly Uri _base;
    private readonly MetaApi _api;
    private readonly MetaRoutes _routes;
    private readonly ILogger<Dialog360Provider> _logger;

    public Dialog360Provider(Dialog360Options options, TimeProvider time, ILogger<Dialog360Provider> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _base = new Uri(options.BaseUrl);
        _api = new MetaApi(options.Connection, time, Dialog360Outcomes.Of, Place);
        _routes = new MetaRoutes(channel => Route(options.BaseUrl, channel));
        _logger = logger;
    }

    public string Kind => KindName;

    public bool HasServiceWindow => true;

    public OutboundKinds Sends => MetaApi.Sends;

    public SendPace Pace => SendPace.Meta;

    public ChannelForm Form { get; } = new()
    {
        LeastToken = 10,
        NeedsSecret = true,
        AddressFault = address => address is { Length: >= 5 and <= 20 } && address.All(char.IsAsciiDigit)
            ? null
            : "must be the number or its id at Meta, 5 to 20 digits",
    };

    public bool LooksSigned(Channel? channel, IHeaderDictionary headers) =>
        Dialog360Origin.LooksSigned(channel, headers);

    public bool IsAuthentic(Channel? channel, IHeaderDictionary headers, ReadOnlySpan<byte> body) =>
        Dialog360Origin.IsAuthentic(channel, headers, body);

    /// <summary>Its numbers are known by Meta's id or, as its own console has them, by the number itself.</summary>
    public WebhookContent Read(Channel? channel, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) =>
        MetaWebhook.Read(body, receivedAt, channel?.Address);

    public Task<SendOutcome> SendAsync(
        Channel channel, OutboundMessage message, CancellationToken cancellationToken) =>
        _api.SendAsync(_routes.For(channel), message, cancellationToken);

    public async Task<ChannelProbe> ProbeAsync(Channel channel, CancellationToken cancellationToken)
    {
        MetaRoute route = _routes.For(channel);
        if (route.Fault is { } fault) return new ChannelProbe.Refused(fault);
        return MetaOutcomes.OfProbe(await _api.ProbeAsync(route, cancellationToken), Dialog360Outcomes.Of);
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

    private static MetaRoute Route(string baseUrl, Channel channel) => new(
        baseUrl, new Uri(baseUrl + "/health_status"), new Uri(baseUrl + "/messages"), new Uri(baseUrl + "/media"),
        KeyHeader, channel.AccessToken.Trim(), MetaRoute.FaultOf(channel));

    /// <summary>
    /// Files have addresses at Meta, which does not know the key: they are fetched from 360dialog's host by the same
    /// path.
    /// </summary>
    private Uri Place(Uri address) => new(_base.GetLeftPart(UriPartial.Authority) + address.PathAndQuery);
}
