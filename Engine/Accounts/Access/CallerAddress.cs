using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Http;

namespace Vellarys.Accounts.Access;

/// <summary>Where a request comes from: the connection's other end, or what a trusted proxy says it is.</summary>
internal sealed class CallerAddress(ApiOptions api, AccountOptions accounts)
{
    private readonly IReadOnlyList<IPNetwork> _proxies = api.TrustedNetworks();

    /// <summary>Null where the host does not know.</summary>
    public IPAddress? Of(HttpContext context)
    {
        IPAddress? address = Plain(context.Connection.RemoteIpAddress);
        if (!accounts.ForwardedFor || address is null || !_proxies.Any(p => p.Contains(address))) return address;
        string last = context.Request.Headers["X-Forwarded-For"].ToString().Split(',')[^1].Trim();
        // With a port behind it, as App Service writes it, or without.
        return IPEndPoint.TryParse(last, out IPEndPoint? told) ? Plain(told.Address) : address;
    }

    /// <summary>Of a request that is being carried out.</summary>
    public static IPAddress? OfRequest(HttpContext context) =>
        context.RequestServices.GetRequiredService<CallerAddress>().Of(context);

    private static IPAddress? Plain(IPAddress? address) =>
        address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
