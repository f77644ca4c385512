using System.Net;
using Vellarys.Http;

namespace Vellarys.Webhooks;

/// <summary>
/// What may be entered as an address. Where its name leads is looked up with each call, and checked there
/// (<see cref="PublicAddress"/>): what is entered today may point elsewhere tomorrow.
/// </summary>
internal static class WebhookUrl
{
    private const int MaxLength = 2_000;

    /// <summary>Null when it is fine.</summary>
    public static string? Fault(string? text, bool allowsLocal)
    {
        if (TextInput.Fault(text, MaxLength) is { } fault) return fault;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme is not ("https" or "http"))
            return "must be an absolute https address";
        if (url.UserInfo.Length > 0) return "must not hold a user or a password";
        if (url.Fragment.Length > 0) return "must not have a fragment";
        if (allowsLocal && url.IsLoopback) return null;
        if (url.Scheme != "https") return "must be https";
        bool isInside = url.IsLoopback
            || (IPAddress.TryParse(url.DnsSafeHost, out IPAddress? address) && !PublicAddress.IsPublic(address));
        return isInside ? "must be on the public internet" : null;
    }
}
