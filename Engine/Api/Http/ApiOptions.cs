using System.Net;

namespace Vellarys.Api.Http;

/// <summary>Who may call the API and the pages.</summary>
public sealed class ApiOptions
{
    public const string Section = "Api";

    /// <summary>
    /// The key that callers must show as <c>Authorization: Bearer</c>. Empty (the default): nobody is answered, unless
    /// <see cref="AllowKeyless"/> says otherwise. Also read from the environment variable <c>VELLARYS_API_KEY</c>. At
    /// least 16 characters.
    /// </summary>
    public string Key { get; set; } = "";

    /// <summary>
    /// Whether an installation without a key answers requests that come from this very machine. Default false, for what
    /// forwards to this process, such as a reverse proxy, comes from this machine as well. A key makes it void.
    /// </summary>
    public bool AllowKeyless { get; set; }

    /// <summary>
    /// Whether only requests are served that came over HTTPS, to this process or to one of
    /// <see cref="TrustedProxies"/>, which says so in <c>X-Forwarded-Proto</c>. Default false. <c>/health</c> is served
    /// all the same, for probes ask from within.
    /// </summary>
    public bool RequireHttps { get; set; }

    /// <summary>
    /// Whose <c>X-Forwarded-Proto</c> is believed: addresses and networks, separated by commas. Default this machine.
    /// </summary>
    public string TrustedProxies { get; set; } = "127.0.0.0/8,::1";

    /// <summary>The largest request body outside webhooks, in bytes. Default 65,536.</summary>
    public long MaxBodyBytes { get; set; } = 65_536;

    /// <summary>What is wrong, all of it.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Key.Length is > 0 and < 16) yield return $"{Section}:{nameof(Key)} needs at least 16 characters";
        if (MaxBodyBytes is < 1_024 or > 10_485_760)
            yield return $"{Section}:{nameof(MaxBodyBytes)} must lie between 1,024 and 10,485,760";
        foreach (string proxy in Split(TrustedProxies).Where(p => NetworkOf(p) is null))
            yield return $"{Section}:{nameof(TrustedProxies)}: '{proxy}' is neither an address nor a network";
    }

    internal IReadOnlyList<IPNetwork> TrustedNetworks() => [.. Split(TrustedProxies).Select(p => NetworkOf(p)!.Value)];

    private static string[] Split(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static IPNetwork? NetworkOf(string text)
    {
        if (IPNetwork.TryParse(text, out IPNetwork network)) return network;
        return IPAddress.TryParse(text, out IPAddress? address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : null;
    }
}
