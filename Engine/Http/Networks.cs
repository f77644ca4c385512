using System.Net;

namespace Vellarys.Http;

/// <summary>Addresses and networks (CIDR) as people write them down.</summary>
internal static class Networks
{
    /// <summary>Null when it is neither.</summary>
    public static IPNetwork? Parse(string? text)
    {
        if (IPNetwork.TryParse(text, out IPNetwork network)) return network;
        return IPAddress.TryParse(text, out IPAddress? address)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : null;
    }

    /// <summary>Whether one of them holds the address. An empty list holds every address, an unknown one
    /// none.</summary>
    public static bool Allow(IReadOnlyList<string> networks, IPAddress? address)
    {
        if (networks.Count == 0) return true;
        if (address is null) return false;
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return networks.Any(n => Parse(n) is { } network && network.Contains(plain));
    }
}
