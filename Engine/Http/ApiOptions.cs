using System.Net;

namespace Vellarys.Http;

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

    /// <summary>
    /// Where providers reach this installation, e.g. <c>https://chat.example.com</c>: channels are tried by it. Also
    /// read from <c>PUBLIC_URL</c>. Default none: that check is left out.
    /// </summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>The largest request body outside webhooks, in bytes. Default 65,536.</summary>
    public long MaxBodyBytes { get; set; } = 65_536;

    /// <summary>
    /// The memory that all request bodies of this process may take together, webhooks among them, in bytes: what is
    /// over it is answered 503 and sent again. Large bodies use half of it at most. Default 134,217,728 (128 MB).
    /// </summary>
    public long MaxBodyBytesInFlight { get; set; } = 134_217_728;

    /// <summary>How long a body may take to arrive once its headers have; then 408. Default 15 s.</summary>
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How many calls a second one caller (somebody who signed in, or a tenant's key) may make of one instance in the
    /// long run; all callers of a tenant together may make four times as many. More is answered 429. Default 50. Open
    /// endpoints, webhooks among them, and the installation's key are not counted.
    /// </summary>
    public double RequestsPerSecond { get; set; } = 50;

    /// <summary>How many calls a caller may make at once after a pause; a tenant four times as many. Default
    /// 200.</summary>
    public int Burst { get; set; } = 200;

    /// <summary>How many busy callers a tenant may have.</summary>
    internal const int CallersOfTenant = 4;

    /// <summary>What is wrong, all of it.</summary>
    internal IEnumerable<string> Faults()
    {
        if (Key.Length is > 0 and < 16) yield return $"{Section}:{nameof(Key)} needs at least 16 characters";
        if (PublicUrl.Length > 0
            && !(Uri.TryCreate(PublicUrl, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"))
        {
            yield return $"{Section}:{nameof(PublicUrl)} must be an http or https address";
        }

        if (MaxBodyBytes is < 1_024 or > 10_485_760)
            yield return $"{Section}:{nameof(MaxBodyBytes)} must lie between 1,024 and 10,485,760";
        foreach (string proxy in Split(TrustedProxies).Where(p => Networks.Parse(p) is null))
            yield return $"{Section}:{nameof(TrustedProxies)}: '{proxy}' is neither an address nor a network";
        if (RequestsPerSecond is not (>= 0.001 and <= 100_000))
            yield return $"{Section}:{nameof(RequestsPerSecond)} must lie between 0.001 and 100,000";
        if (Burst is < 1 or > 1_000_000) yield return $"{Section}:{nameof(Burst)} must lie between 1 and 1,000,000";
        // Half of it must hold the largest webhook and what is made of it.
        if (MaxBodyBytesInFlight is < 67_108_864 or > 17_179_869_184)
            yield return $"{Section}:{nameof(MaxBodyBytesInFlight)} must lie between 67,108,864 and 17,179,869,184";
        if (BodyTimeout < TimeSpan.FromSeconds(1) || BodyTimeout > TimeSpan.FromMinutes(5))
            yield return $"{Section}:{nameof(BodyTimeout)} must lie between 1 s and 5 minutes";
    }

    internal IReadOnlyList<IPNetwork> TrustedNetworks() =>
        [.. Split(TrustedProxies).Select(p => Networks.Parse(p)!.Value)];

    private static string[] Split(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
