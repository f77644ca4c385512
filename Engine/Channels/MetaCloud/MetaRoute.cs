using System.Runtime.CompilerServices;

namespace Vellarys.Channels.MetaCloud;

/// <summary>Where a number sends, and what it shows. Made once for each account that the directory hands out.</summary>
/// <param name="Fault">Why nothing can be sent: there is no token, or none that fits into a header.</param>
internal sealed record MetaRoute(Uri Number, Uri Messages, string Authorization, string? Fault)
{
    public static MetaRoute Of(string baseUrl, Channel channel)
    {
        string token = channel.AccessToken.Trim();
        bool fits = !token.AsSpan().ContainsAnyExceptInRange('!', '~');
        string? fault = channel.SecretFault is not null ? "secrets_unreadable"
            : token.Length == 0 ? "no_token"
            : fits ? null : "bad_token";
        string number = $"{baseUrl}/{Uri.EscapeDataString(channel.Address)}";
        return new MetaRoute(
            new Uri(number + "?fields=id"), new Uri(number + "/messages"), "Bearer " + token, fault);
    }

    /// <summary>Leaves the token out.</summary>
    public override string ToString() => Messages.ToString();
}
