using System.Net;
using System.Net.Http;
using System.Net.Sockets;

namespace Vellarys.Http;

/// <summary>
/// Lets calls to addresses that a tenant chose reach the public internet and nothing else: not this machine, not the
/// network it stands in, not a cloud's metadata service. Checked where the connection is made, after the name was
/// resolved.
/// </summary>
internal static class PublicAddress
{
    /// <param name="allowsLoopback">For development: this machine too.</param>
    /// <param name="resolve">Looks a name up; null as the machine does.</param>
    /// <param name="allowsPrivate">Hosts that the installation itself vouches for, wherever they lead.</param>
    public static SocketsHttpHandler Handler(
        bool allowsLoopback, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
        Func<string, bool>? allowsPrivate = null) => new()
    {
        // A redirect would lead past the check of what was entered.
        AllowAutoRedirect = false,
        UseProxy = false,
        // What such a server answers is not read, and not drained for the sake of its connection either.
        MaxResponseDrainSize = 0,
        MaxResponseHeadersLength = 16,
        ConnectCallback = (context, cancellationToken) =>
            ConnectAsync(
                context.DnsEndPoint, allowsLoopback, allowsPrivate?.Invoke(context.DnsEndPoint.Host) == true,
                resolve ?? Dns.GetHostAddressesAsync, cancellationToken),
    };

    public static bool IsPublic(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(plain)) return false;
        byte[] bytes = plain.GetAddressBytes();
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? bytes switch
            {
                [0 or 10 or 127 or >= 224, ..] or [169, 254, ..] or [192, 168, ..] or [192, 0, 0, _] => false,
                // Azure's own service beside every machine.
                [168, 63, 129, 16] => false,
                [172, >= 16 and <= 31, ..] or [100, >= 64 and <= 127, ..] or [198, 18 or 19, ..] => false,
                _ => true,
            }
            // Global unicast only, and none that wraps another kind (6to4, Teredo, documentation).
            : (bytes[0] & 0xE0) == 0x20 && bytes is not ([0x20, 0x02, ..] or [0x20, 0x01, <= 0x01, ..]
                or [0x20, 0x01, 0x0D, 0xB8, ..]);
    }

    private static async ValueTask<Stream> ConnectAsync(
        DnsEndPoint endpoint, bool allowsLoopback, bool allowsAny,
        Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(endpoint.Host, out IPAddress? literal)
            ? [literal]
            : await resolve(endpoint.Host, cancellationToken);
        IPAddress[] allowed =
            [.. addresses.Where(a => allowsAny || IsPublic(a) || (allowsLoopback && IPAddress.IsLoopback(a)))];
        if (allowed.Length == 0) throw new NotPublicAddress();
        for (int i = 0; ; i++)
        {
            // One family may lead nowhere from here: the next address is tried, as browsers do.
            if (await ConnectAsync(allowed[i], endpoint.Port, isLast: i == allowed.Length - 1, cancellationToken)
                is { } stream) return stream;
        }
    }

    /// <summary>Null when there is another one to try.</summary>
    private static async Task<Stream?> ConnectAsync(
        IPAddress address, int port, bool isLast, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        bool connected = false;
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            connected = true;
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException) when (!isLast)
        {
            return null;
        }
        finally
        {
            if (!connected) socket.Dispose();
        }
    }
}

/// <summary>The name leads to this machine, its network or nowhere on the public internet.</summary>
internal sealed class NotPublicAddress()
    : HttpRequestException(HttpRequestError.ConnectionError, "The address is not a public one.");
