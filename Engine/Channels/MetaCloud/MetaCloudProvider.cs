using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.ObjectPool;

namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// WhatsApp's own Cloud API. One Meta app has one callback for many numbers, so webhooks may come on the app-level
/// path, signed with the app's secret; a number whose channel has secrets of its own belongs to another app.
/// </summary>
internal sealed class MetaCloudProvider : IProvider, IDisposable
{
    internal const string KindName = "meta-cloud";

    private readonly DefaultObjectPool<MetaRequest> _requests;
    private readonly MetaCloudOptions _options;
    private readonly MetaHandshake _handshake;
    private readonly MetaConnection _connection;
    private readonly MetaRoutes _routes;
    private readonly ILogger<MetaCloudProvider> _logger;

    public MetaCloudProvider(MetaCloudOptions options, TimeProvider time, ILogger<MetaCloudProvider> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _requests = new DefaultObjectPool<MetaRequest>(
            new DefaultPooledObjectPolicy<MetaRequest>(), options.MaxConnections);
        _options = options;
        _handshake = new MetaHandshake(options);
        _connection = new MetaConnection(options, time);
        _routes = new MetaRoutes(options);
        _logger = logger;
    }

    public string Kind => KindName;

    public IReadOnlyList<string> Aliases { get; } = ["meta", "/api/whatsapp/webhooks/messages"];

    public bool HasServiceWindow => true;

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

    public async Task<SendOutcome> SendAsync(
        Channel channel, OutboundMessage message, CancellationToken cancellationToken)
    {
        MetaRoute route = _routes.For(channel);
        if (route.Fault is { } fault) return new SendOutcome.Refused(fault, StopsChannel: true);
        MetaRequest request = _requests.Get();
        request.WriteMessage(message);
        return MetaOutcomes.Of(await PostAsync(route, request, cancellationToken));
    }

    public async Task<ChannelProbe> ProbeAsync(Channel channel, CancellationToken cancellationToken)
    {
        MetaRoute route = _routes.For(channel);
        if (route.Fault is { } fault) return new ChannelProbe.Refused(fault);
        return MetaOutcomes.OfProbe(await _connection.GetAsync(route, cancellationToken));
    }

    public async Task MarkReadAsync(
        Channel channel, string providerMessageId, CancellationToken cancellationToken)
    {
        MetaRoute route = _routes.For(channel);
        if (route.Fault is not null) return;
        MetaRequest request = _requests.Get();
        request.WriteRead(providerMessageId);
        try
        {
            MetaAnswer answer = await PostAsync(route, request, cancellationToken);
            if (answer is not MetaAnswer.Whole { Status: 200 }) Log.ReadMarkFailed(_logger, channel.Id);
        }
        catch (OperationCanceledException)
        {
            // The host stops; the mark was only a hint.
        }
    }

    public void Dispose() => _connection.Dispose();

    private async Task<MetaAnswer> PostAsync(MetaRoute route, MetaRequest request, CancellationToken cancellationToken)
    {
        MetaAnswer answer = await _connection.PostAsync(route, request, cancellationToken);
        // After a broken send the connection may still be reading from the buffer: left to the garbage collector.
        if (answer is MetaAnswer.Whole) _requests.Return(request);
        return answer;
    }
}
