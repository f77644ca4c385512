using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vellarys.Channels.Gateways;
using Vellarys.Channels.Gateways.Calls;
using Vellarys.Http;

namespace Vellarys.Channels.ZApi;

/// <summary>Z-API: WhatsApp Web as a service. An instance is a number; its id is the channel's address.</summary>
internal sealed class ZApiProvider(
    GatewayConnection connection, GatewayOptions options, TimeProvider time, ILogger<ZApiProvider> logger) : IProvider
{
    internal const string KindName = "z-api";
    private const string TokenHeader = "z-api-token";

    private readonly RecentSenders _senders = new();
    private readonly ZApiLine _line = new(time);

    public string Kind => KindName;

    public IReadOnlyList<string> Aliases { get; } = [];

    public bool HasServiceWindow => false;

    public OutboundKinds Sends => OutboundKinds.Media | OutboundKinds.Buttons | OutboundKinds.Lists
        | OutboundKinds.Reactions | OutboundKinds.Locations | OutboundKinds.Quotes;

    /// <summary>Its own queue waits one to three seconds between two messages.</summary>
    public SendPace Pace { get; } = new SendPace.PerNumber(30, TimeSpan.FromMinutes(1));

    public ChannelForm Form { get; } = new() { LeastToken = 8, Server = ChannelForm.ServerField.Optional };

    /// <summary>The headers alone say it.</summary>
    public bool LooksSigned(Channel? channel, IHeaderDictionary headers) => channel is not null
        && (channel.WebhookSecrets.Count > 0
            ? WebhookToken.IsShown(headers, channel.WebhookSecrets, TokenHeader)
            : FixedTime.AreEqual(WebhookToken.Single(headers, TokenHeader), ZApiKeys.Of(channel).Instance));

    public bool IsAuthentic(Channel? channel, IHeaderDictionary headers, ReadOnlySpan<byte> body) =>
        LooksSigned(channel, headers);

    public WebhookContent Read(Channel? channel, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        WebhookContent content = ZApiWebhook.Read(body, receivedAt);
        _senders.Remember(channel, content);
        return content;
    }

    /// <summary>
    /// What is sent while the phone is away Z-API keeps, and sends when it is back, hours later: so the line is looked
    /// at first, now and then.
    /// </summary>
    public async Task<SendOutcome> SendAsync(
        Channel channel, OutboundMessage message, CancellationToken cancellationToken)
    {
        GatewayRoute route = Route(channel);
        if (route.Fault is { } fault) return new SendOutcome.Refused(fault, StopsChannel: true);
        if (_line.IsDue(channel)
            && await ProbeAsync(channel, cancellationToken) is ChannelProbe.Refused refused)
            return new SendOutcome.Refused(refused.Code, StopsChannel: true);
        (string path, GatewayBody body) = ZApiRequest.Of(message);
        SendOutcome outcome = ZApiOutcomes.Of(await connection.CallAsync(route, path, body, cancellationToken));
        if (outcome is not SendOutcome.Sent) _line.Forget(channel);
        return outcome;
    }

    public async Task<ChannelProbe> ProbeAsync(Channel channel, CancellationToken cancellationToken)
    {
        GatewayRoute route = Route(channel);
        if (route.Fault is { } fault) return new ChannelProbe.Refused(fault);
        ChannelProbe probe = ZApiOutcomes.OfProbe(
            await connection.CallAsync(route, "status", null, cancellationToken));
        if (probe is ChannelProbe.Refused) _line.Forget(channel);
        return probe;
    }

    public Task<MediaDownload> DownloadAsync(
        Channel channel, InboundMedia media, CancellationToken cancellationToken) =>
        GatewayFile.OpenAsync(connection, media.Reference, cancellationToken);

    public async Task MarkReadAsync(Channel channel, string providerMessageId, CancellationToken cancellationToken)
    {
        GatewayRoute route = Route(channel);
        if (route.Fault is not null || _senders.Find(channel, providerMessageId) is not { } address) return;
        try
        {
            GatewayAnswer read = await connection.CallAsync(
                route, "read-message", ZApiRequest.Read(address, providerMessageId), cancellationToken);
            if (read is not GatewayAnswer.Whole { IsSuccess: true }) Log.ReadMarkFailed(logger, channel.Id);
        }
        catch (OperationCanceledException)
        {
            // The host stops; the mark was only a hint.
        }
    }

    private GatewayRoute Route(Channel channel) => ZApiKeys.Of(channel).Route(channel, options.ZApiUrl);
}
