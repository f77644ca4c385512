using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vellarys.Channels.Gateways;
using Vellarys.Channels.Gateways.Calls;

namespace Vellarys.Channels.Uazapi;

/// <summary>
/// UAZAPI (uazapiGO v2): WhatsApp Web on a server that companies rent. An instance is a number; its token sends, and
/// comes back in each webhook's body.
/// </summary>
internal sealed class UazapiProvider(GatewayConnection connection, ILogger<UazapiProvider> logger) : IProvider
{
    internal const string KindName = "uazapi";

    private readonly RecentSenders _senders = new();

    public string Kind => KindName;

    public bool HasServiceWindow => false;

    public OutboundKinds Sends => OutboundKinds.Media | OutboundKinds.Buttons | OutboundKinds.Lists
        | OutboundKinds.Reactions | OutboundKinds.Locations | OutboundKinds.Quotes;

    /// <summary>Nothing is published; WhatsApp blocks whom it takes for a machine.</summary>
    public SendPace Pace { get; } = new SendPace.PerNumber(30, TimeSpan.FromMinutes(1));

    public ChannelForm Form { get; } = new() { LeastToken = 8, Server = ChannelForm.ServerField.Required };

    /// <summary>Without a secret of our own the body says it.</summary>
    public bool LooksSigned(Channel? channel, IHeaderDictionary headers) => channel is not null
        && (channel.WebhookSecrets.Count == 0 || WebhookToken.IsShown(headers, channel.WebhookSecrets));

    public bool IsAuthentic(Channel? channel, IHeaderDictionary headers, ReadOnlySpan<byte> body) => channel is not null
        && (channel.WebhookSecrets.Count == 0
            ? BodyToken.IsRight(body, "token"u8, channel.AccessToken)
            : WebhookToken.IsShown(headers, channel.WebhookSecrets));

    public WebhookContent Read(Channel? channel, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        WebhookContent content = UazapiWebhook.Read(body, receivedAt);
        _senders.Remember(channel, content);
        return content;
    }

    public async Task<SendOutcome> SendAsync(
        Channel channel, OutboundMessage message, CancellationToken cancellationToken)
    {
        GatewayRoute route = Route(channel);
        if (route.Fault is { } fault) return new SendOutcome.Refused(fault, StopsChannel: true);
        (string path, GatewayBody body) = UazapiRequest.Of(message);
        return UazapiOutcomes.Of(await connection.CallAsync(route, path, body, cancellationToken));
    }

    public async Task<ChannelProbe> ProbeAsync(Channel channel, CancellationToken cancellationToken)
    {
        GatewayRoute route = Route(channel);
        if (route.Fault is { } fault) return new ChannelProbe.Refused(fault);
        return UazapiOutcomes.OfProbe(
            await connection.CallAsync(route, "instance/status", null, cancellationToken));
    }

    public Task<MediaDownload> DownloadAsync(
        Channel channel, InboundMedia media, CancellationToken cancellationToken) =>
        UazapiFile.OpenAsync(connection, Route(channel), media, cancellationToken);

    public async Task MarkReadAsync(Channel channel, string providerMessageId, CancellationToken cancellationToken)
    {
        GatewayRoute route = Route(channel);
        if (route.Fault is not null) return;
        try
        {
            GatewayAnswer read = await connection.CallAsync(
                route, "message/markread", UazapiRequest.Read(providerMessageId), cancellationToken);
            if (read is not GatewayAnswer.Whole { IsSuccess: true }) Log.ReadMarkFailed(logger, channel.Id);
            if (_senders.Find(channel, providerMessageId) is not { } address) return;
            await connection.CallAsync(route, "message/presence", UazapiRequest.Typing(address), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The host stops; the mark was only a hint.
        }
    }

    private static GatewayRoute Route(Channel channel) =>
        GatewayRoute.Of(channel, channel.Server, "token", channel.AccessToken);
}
