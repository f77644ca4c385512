using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Vellarys.Http;

namespace Vellarys.Channels.Sandbox;

/// <summary>
/// A provider that is played by the sandbox page and by tests: webhooks come in like any other's, sends always succeed.
/// </summary>
internal sealed class SandboxProvider(TimeProvider time) : IProvider
{
    internal const string KindName = "sandbox";
    internal const string TokenHeader = "X-Sandbox-Token";

    public string Kind => KindName;

    public bool HasServiceWindow => false;

    /// <summary>Whatever any provider can, but templates: whoever tries the product sees all of it arrive.</summary>
    public OutboundKinds Sends => OutboundKinds.Media | OutboundKinds.Buttons | OutboundKinds.Lists
        | OutboundKinds.Reactions | OutboundKinds.Locations | OutboundKinds.Quotes;

    public ChannelForm Form { get; } = new() { NeedsSecret = true };

    public bool IsAuthentic(Channel? channel, IHeaderDictionary headers, ReadOnlySpan<byte> body) =>
        LooksSigned(channel, headers);

    /// <summary>The header alone says it.</summary>
    public bool LooksSigned(Channel? channel, IHeaderDictionary headers)
    {
        StringValues shown = headers[TokenHeader];
        if (channel is null || shown.Count != 1) return false;
        bool isRight = false;
        foreach (string secret in channel.WebhookSecrets) isRight |= FixedTime.AreEqual(shown[0], secret);
        return isRight;
    }

    public WebhookContent Read(Channel? channel, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt) =>
        new SandboxWebhook(time, receivedAt).Read(body);

    public Task<SendOutcome> SendAsync(
        Channel channel, OutboundMessage message, CancellationToken cancellationToken) =>
        Task.FromResult<SendOutcome>(new SendOutcome.Sent($"sandbox.{message.Id}"));

    public Task MarkReadAsync(
        Channel channel, string providerMessageId, CancellationToken cancellationToken) => Task.CompletedTask;
}
