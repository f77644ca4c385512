using System.Net;
using Vellarys.Channels.Gateways.Calls;
using Vellarys.Http;

namespace Vellarys.Channels.Setup;

/// <summary>Where a company says that its provider's API is.</summary>
internal static class ServerUrl
{
    private const int MaxChars = 300;

    /// <summary>With a slash at its end; null for what is no such address.</summary>
    public static Uri? Read(string text) =>
        Uri.TryCreate(text.TrimEnd('/') + '/', UriKind.Absolute, out Uri? url)
            && (url.Scheme is "http" or "https")
            ? url
            : null;

    /// <summary>
    /// Why it will not do; null when it will. That its name leads to a public address is seen at each connection.
    /// </summary>
    public static string? Fault(string text, GatewayOptions options)
    {
        if (text.Length > MaxChars) return $"must have at most {MaxChars} characters";
        if (Read(text) is not { } url || url.Host.Length == 0 || url.Query.Length + url.Fragment.Length > 0)
            return "must be an address such as https://evolution.example.com, without a query";
        if (url.UserInfo.Length > 0) return "must hold no user and no password";
        if (options.IsPrivateServer(url.DnsSafeHost)) return null;
        if (url.Scheme != "https") return "must begin with https://";
        bool isPrivate = url.IsLoopback
            || (IPAddress.TryParse(url.DnsSafeHost, out IPAddress? address) && !PublicAddress.IsPublic(address));
        return isPrivate ? "must be a public address" : null;
    }
}
