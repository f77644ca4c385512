namespace Vellarys.Channels.MetaCloud;

/// <summary>
/// Where a number sends, and what it shows. Made once for each account that the directory hands out.
/// </summary>
/// <param name="Root">Below which its files are found.</param>
/// <param name="Probe">Costs the provider little, and tells whether the account is taken.</param>
/// <param name="Uploads">Where files go before they are sent.</param>
/// <param name="Header">Which header shows <paramref name="Secret"/>.</param>
/// <param name="Fault">Why nothing can be sent: there is no token, or none that fits into a header.</param>
internal sealed record MetaRoute(
    string Root, Uri Probe, Uri Messages, Uri Uploads, string Header, string Secret, string? Fault)
{
    public static MetaRoute Of(string baseUrl, Channel channel)
    {
        string number = $"{baseUrl}/{Uri.EscapeDataString(channel.Address)}";
        return new MetaRoute(
            baseUrl, new Uri(number + "?fields=id"), new Uri(number + "/messages"), new Uri(number + "/media"),
            "Authorization", "Bearer " + channel.AccessToken.Trim(), FaultOf(channel));
    }

    /// <summary>Null when the channel's token can be shown.</summary>
    public static string? FaultOf(Channel channel)
    {
        string token = channel.AccessToken.Trim();
        if (channel.SecretFault is not null) return "secrets_unreadable";
        if (token.Length == 0) return "no_token";
        return token.AsSpan().ContainsAnyExceptInRange('!', '~') ? "bad_token" : null;
    }

    public Uri Media(string id) => new($"{Root}/{Uri.EscapeDataString(id)}");

    /// <summary>Leaves the token out.</summary>
    public override string ToString() => Messages.ToString();
}
