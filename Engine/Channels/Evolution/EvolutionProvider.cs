using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vellarys.Channels.Gateways;
using Vellarys.Channels.Gateways.Calls;

namespace Vellarys.Channels.Evolution;

/// <summary>
/// Evolution API v2, which companies run themselves: WhatsApp Web, or Meta's Cloud API behind the same calls. An
/// instance is a number; its name is the channel's address, the server's the channel's.
/// </summary>
internal sealed class EvolutionProvider(
    GatewayConnection connection, TimeProvider time, ILogger<EvolutionProvider> logger) : IProvider
{
    internal const string KindName = "evolution";

    private readonly RecentSenders _senders = new();

    public string Kind => KindName;

    public bool HasServiceWindow => false;

    public OutboundKinds Sends => OutboundKinds.Media | OutboundKinds.Buttons | OutboundKinds.Lists
        | OutboundKinds.Reactions | OutboundKinds.Locations | OutboundKinds.Quotes;

    /// <summary>Evolution limits nothing; WhatsApp blocks whom it takes for a machine.</summary>
    public SendPace Pace { get; } = new SendPace.PerNumber(50, TimeSpan.FromMinutes(1));

    public ChannelForm Form { get; } = new()
    {
        LeastToken = 6, NeedsSecret = true, Server = ChannelForm.ServerField.Required,
    };

    /// <summary>The headers alone say it, but for a key that the installation lets out in the body.</summary>
    public bool LooksSigned(Channel? channel, IHeaderDictionary headers) => channel is not null
        && (channel.WebhookSecrets.Count == 0 || IsShown(channel, headers));

    public bool IsAuthentic(Channel? channel, IHeaderDictionary headers, ReadOnlySpan<byte> body) => channel is not null
        && (channel.WebhookSecrets.Count == 0
            ? BodyToken.IsRight(body, "apikey"u8, channel.AccessToken)
            : IsShown(channel, headers));

    public WebhookContent Read(Channel? channel, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        WebhookContent content = EvolutionWebhook.Read(
            body, receivedAt, id => channel is null ? null : _senders.Find(channel, id));
        _senders.Remember(channel, content);
        return content;
    }

    public async Task<SendOutcome> SendAsync(
        Channel channel, OutboundMessage message, CancellationToken cancellationToken)
    {
        GatewayRoute route = Route(channel);
        if (route.Fault is { } fault) return new SendOutcome.Refused(fault, StopsChannel: true);
        (string path, GatewayBody body) = EvolutionRequest.Of(message);
        return EvolutionOutcomes.Of(
            await connection.CallAsync(route, $"{path}/{Instance(channel)}", body, cancellationToken));
    }

    public async Task<ChannelProbe> ProbeAsync(Channel channel, CancellationToken cancellationToken)
    {
        GatewayRoute route = Route(channel);
        if (route.Fault is { } fault) return new ChannelProbe.Refused(fault);
        return EvolutionOutcomes.OfProbe(await connection.CallAsync(
            route, $"instance/connectionState/{Instance(channel)}", null, cancellationToken));
    }

    public Task<MediaDownload> DownloadAsync(
        Channel channel, InboundMedia media, CancellationToken cancellationToken) =>
        EvolutionFile.OpenAsync(connection, Route(channel), Instance(channel), media, cancellationToken);

    public async Task MarkReadAsync(Channel channel, string providerMessageId, CancellationToken cancellationToken)
    {
        GatewayRoute route = Route(channel);
        if (route.Fault is not null || _senders.Find(channel, providerMessageId) is not { } address) return;
        try
        {
            GatewayAnswer read = await connection.CallAsync(
                route, $"chat/markMessageAsRead/{Instance(channel)}", EvolutionRequest.Read(address, providerMessageId),
                cancellationToken);
            if (read is not GatewayAnswer.Whole { IsSuccess: true }) Log.ReadMarkFailed(logger, channel.Id);
            await connection.CallAsync(
                route, $"chat/sendPresence/{Instance(channel)}", EvolutionRequest.Typing(address), cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The host stops; the mark was only a hint.
        }
    }

    private bool IsShown(Channel channel, IHeaderDictionary headers) =>
        WebhookToken.IsShown(headers, channel.WebhookSecrets)
        | EvolutionJwt.IsRight(WebhookToken.Bearer(headers), channel.WebhookSecrets, time.GetUtcNow());

    private static GatewayRoute Route(Channel channel) =>
        GatewayRoute.Of(channel, channel.Server, "apikey", channel.AccessToken);

    private static string Instance(Channel channel) => Uri.EscapeDataString(channel.Address);
}
