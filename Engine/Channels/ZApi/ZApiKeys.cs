using Vellarys.Channels.Gateways.Calls;


namespace Vellarys.Channels.ZApi;

/// <summary>
/// Z-API's two keys: the instance's token, and the account's security token (<c>Client-Token</c>) where the account has
/// one. A channel's access token holds both, with a colon between: they are changed together.
/// </summary>
internal readonly record struct ZApiKeys(string Instance, string? Client)
{
    public static ZApiKeys Of(Channel channel)
    {
        string[] parts = channel.AccessToken.Trim().Split(':', 2);
        return new ZApiKeys(parts[0], parts.Length > 1 && parts[1].Length > 0 ? parts[1] : null);
    }

    /// <summary>The token is part of the path: it must never be logged.</summary>
    public GatewayRoute Route(Channel channel, string shared)
    {
        string server = (channel.Server?.AbsoluteUri ?? shared).TrimEnd('/');
        var at = new Uri(
            $"{server}/instances/{Uri.EscapeDataString(channel.Address)}/token/{Uri.EscapeDataString(Instance)}/");
        return GatewayRoute.Of(channel, at, "Client-Token", Client);
    }

    /// <summary>Leaves the keys out.</summary>
    public override string ToString() => "Z-API keys";
}
