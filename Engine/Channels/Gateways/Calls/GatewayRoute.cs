using System.Net.Http;

namespace Vellarys.Channels.Gateways.Calls;

/// <summary>Where a channel's gateway is, and what it is shown.</summary>
/// <param name="Base">Ends with a slash.</param>
/// <param name="Header">In which the key goes.</param>
/// <param name="Fault">Why nothing can be sent: no server, no key, none that fits into a header.</param>
internal sealed record GatewayRoute(Uri Base, string Header, string Key, string? Fault)
{
    private static readonly Uri Nowhere = new("https://gateway.invalid/");

    /// <param name="key">Null where the gateway has none beside its path.</param>
    public static GatewayRoute Of(Channel channel, Uri? server, string header, string? key)
    {
        string token = key?.Trim() ?? "";
        string? fault = channel.SecretFault is not null ? "secrets_unreadable"
            : server is null ? "no_server"
            : channel.AccessToken.Trim().Length == 0 ? "no_token"
            : token.AsSpan().ContainsAnyExceptInRange('!', '~') ? "bad_token"
            : null;
        Uri at = server is null ? Nowhere
            : server.AbsoluteUri.EndsWith('/') ? server
            : new Uri(server.AbsoluteUri + '/');
        return new GatewayRoute(at, header, token, fault);
    }

    /// <param name="path">Without a slash before it; its parts escaped.</param>
    public HttpRequestMessage Request(string path, HttpContent? body)
    {
        var request = new HttpRequestMessage(
            body is null ? HttpMethod.Get : HttpMethod.Post, new Uri(Base, path)) { Content = body };
        if (Key.Length > 0) request.Headers.TryAddWithoutValidation(Header, Key);
        return request;
    }

    /// <summary>Leaves the key out, and a path that may hold one.</summary>
    public override string ToString() => Base.Host;
}
