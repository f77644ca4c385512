using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vellarys.Http;

namespace Vellarys.Api;

/// <summary>
/// Where TLS ends elsewhere and the settings say so: what came in the clear is refused, webhooks too, and browsers are
/// told to come by HTTPS only. Keys, cookies and customers' words would be read on the way.
/// </summary>
internal sealed class HttpsOnly(RequestDelegate next, ApiOptions options, ILogger<HttpsOnly> log)
{
    private const string Proto = "X-Forwarded-Proto";
    private const string OneYear = "max-age=31536000";
    private readonly IReadOnlyList<IPNetwork> _trusted = options.TrustedNetworks();

    public async Task InvokeAsync(HttpContext context)
    {
        if (!options.RequireHttps || context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        if (!context.Request.IsHttps && !CameByHttps(context))
        {
            log.RequestRefused("https_required");
            await Problems.Of(StatusCodes.Status403Forbidden, "https_required", "Come by HTTPS.").ExecuteAsync(context);
            return;
        }

        // As the caller sees it: cookies are marked secure, and origins compared.
        context.Request.Scheme = "https";
        context.Response.Headers.StrictTransportSecurity = OneYear;
        await next(context);
    }

    /// <summary>The last word is that of the nearest proxy, the only one that is known.</summary>
    private bool CameByHttps(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (!_trusted.Any(n => n.Contains(address))) return false;
        string last = context.Request.Headers[Proto].ToString().Split(',')[^1].Trim();
        return string.Equals(last, "https", StringComparison.OrdinalIgnoreCase);
    }
}
