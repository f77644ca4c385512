using Vellarys.Http;

namespace Vellarys.Channels.Setup;

/// <summary>
/// Tries a channel as it is stored: asks the provider with its token, and comes in by its public address as the
/// provider would to make sure of it. Sends nothing to anybody.
/// </summary>
internal sealed class TestChannel(
    IChannelDirectory directory, IEnumerable<IProvider> providers, CallOwnAddress call, ApiOptions options)
{
    /// <summary>Null when there is no such channel.</summary>
    public async Task<ChannelReport?> RunAsync(
        TenantId tenant, ChannelId id, CancellationToken cancellationToken)
    {
        Channel? channel = await directory.FindAsync(id, cancellationToken);
        if (channel is null || channel.Tenant != tenant) return null;
        IProvider? provider = providers.FirstOrDefault(p => p.Kind == channel.Kind);
        if (provider is null) return ChannelReport.Of(Failed("no_provider"), Failed("no_provider"));
        if (channel.SecretFault is { } fault) return ChannelReport.Of(Failed(fault), Failed(fault));
        return ChannelReport.Of(
            await SendingAsync(provider, channel, cancellationToken),
            await WebhookAsync(provider, channel, cancellationToken));
    }

    private static async Task<ChannelCheck> SendingAsync(
        IProvider provider, Channel channel, CancellationToken cancellationToken) =>
        await provider.ProbeAsync(channel, cancellationToken) switch
        {
            ChannelProbe.Accepted => new ChannelCheck("ok", null),
            ChannelProbe.Refused refused => Failed(refused.Code),
            ChannelProbe.Unclear unclear => new ChannelCheck("unclear", unclear.Code),
            _ => new ChannelCheck("unclear", "not_asked"),
        };

    private async Task<ChannelCheck> WebhookAsync(
        IProvider provider, Channel channel, CancellationToken cancellationToken)
    {
        string challenge = System.Security.Cryptography.RandomNumberGenerator.GetHexString(16);
        if (provider.HandshakeQuery(channel, challenge) is not { } query)
            return new ChannelCheck("unclear", provider.HasHandshake ? "no_verify_token" : "not_asked");
        if (options.PublicUrl.Length == 0) return new ChannelCheck("unclear", "no_public_url");
        var address = new Uri($"{options.PublicUrl.TrimEnd('/')}/api/v1/webhooks/{channel.Id}{query}");
        (string? answer, string? fault) = await call.GetAsync(address, cancellationToken);
        if (fault is not null) return Failed(fault);
        return answer == challenge ? new ChannelCheck("ok", null) : Failed("other_answer");
    }

    private static ChannelCheck Failed(string code) => new("failed", code);
}

/// <summary>What a look at a channel showed.</summary>
/// <param name="Ok">Nothing failed.</param>
/// <param name="Sending">Whether the provider takes the stored token for the number.</param>
/// <param name="Webhook">Whether the channel's public address answers as the provider wants.</param>
internal sealed record ChannelReport(bool Ok, ChannelCheck Sending, ChannelCheck Webhook)
{
    public static ChannelReport Of(ChannelCheck sending, ChannelCheck webhook) =>
        new(sending.Result != "failed" && webhook.Result != "failed", sending, webhook);
}

/// <param name="Result"><c>ok</c>, <c>failed</c>, or <c>unclear</c>: it could not be tried.</param>
/// <param name="Code">Why; the provider's own, or ours.</param>
internal sealed record ChannelCheck(string Result, string? Code);
