using Vellarys.Http;

namespace Vellarys.Accounts.Access;

/// <summary>Signing in.</summary>
internal sealed class AccountOptions
{
    public const string Section = "Accounts";

    /// <summary>What tokens name as their issuer; others are refused. Default <c>vellarys</c>.</summary>
    public string Issuer { get; set; } = "vellarys";

    /// <summary>
    /// From where platform administrators and the installation's key are heard: addresses and networks, separated by
    /// commas. Default empty: from everywhere.
    /// </summary>
    public string AdminNetworks { get; set; } = "";

    /// <summary>
    /// Whether the last word of <c>X-Forwarded-For</c> is the caller's address where a proxy among
    /// <c>Api:TrustedProxies</c> brings the request. Default false: only where that proxy writes the header itself, for
    /// one that passes on what it was given lets callers choose their address.
    /// </summary>
    public bool ForwardedFor { get; set; }

    internal IReadOnlyList<string> AdminNetworkList =>
        AdminNetworks.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What is wrong, all of it.</summary>
    internal IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(Issuer)) yield return $"{Section}:{nameof(Issuer)} must not be empty";
        foreach (string network in AdminNetworkList.Where(n => Networks.Parse(n) is null))
            yield return $"{Section}:{nameof(AdminNetworks)}: '{network}' is neither an address nor a network";
    }
}
