using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vellarys.Api.Sandbox;
using Vellarys.Http;

namespace Vellarys.Api;

/// <summary>
/// Guards every endpoint that is not marked <see cref="OpenToAll"/>, until accounts do. With a key: the key, or the
/// page's cookie. Without: nobody; or, where the settings say so, this machine, addressed by a name of its own (a
/// hostile page that points its own name at 127.0.0.1 is refused), and not through a proxy that says it is one. A proxy
/// that does not cannot be told from a caller on this machine, which is why nobody is the default.
/// </summary>
internal sealed class ApiAccess
{
    public const string Cookie = "vellarys_page";

    private static readonly string[] ProxyHeaders =
        ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"];

    private static readonly string[] LocalNames = ["localhost", "127.0.0.1", "[::1]"];

    private readonly RequestDelegate _next;
    private readonly ApiOptions _options;
    private readonly ILogger<ApiAccess> _log;
    private readonly byte[] _keyHash;
    private readonly byte[] _cookieHash;

    public ApiAccess(RequestDelegate next, ApiOptions options, ILogger<ApiAccess> log)
    {
        _next = next;
        _options = options;
        _log = log;
        _keyHash = FixedTime.Hash(options.Key);
        _cookieHash = FixedTime.Hash(CookieValue(options.Key));
        if (options.Key.Length > 0) return;
        if (options.AllowKeyless) log.OpenWithoutKey();
        else log.ClosedWithoutKey();
    }

    /// <summary>What the page's cookie holds: proof of the key, from which the key cannot be told.</summary>
    public static string CookieValue(string key) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), "vellarys page"u8));

    public async Task InvokeAsync(HttpContext context)
    {
        bool isOpen = context.GetEndpoint() is not { } endpoint
            || endpoint.Metadata.GetMetadata<OpenToAll>() is not null;
        if (!isOpen && Refusal(context) is var (status, code, detail))
        {
            _log.RequestRefused(code);
            if (status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
            if (status == StatusCodes.Status401Unauthorized && WantsPage(context.Request))
                await SandboxEndpoints.AskForKeyAsync(context);
            else await Problems.Of(status, code, detail).ExecuteAsync(context);
            return;
        }

        if (NulInput.FieldOf(context.Request) is { } field)
        {
            await Problems.Invalid(field, TextInput.Nul).ExecuteAsync(context);
            return;
        }

        if (isOpen && Refusal(context) is null) context.Features.Set(KnownCaller.Instance);
        await _next(context);
    }

    private (int Status, string Code, string Detail)? Refusal(HttpContext context)
    {
        if (_options.Key.Length > 0)
        {
            if (!ShowsKey(context.Request) && !AsksForCookie(context.Request))
            {
                return (StatusCodes.Status401Unauthorized, "key_required",
                    "Send the key as Authorization: Bearer, or open /sandbox?key=... in a browser.");
            }
        }
        else if (!_options.AllowKeyless)
        {
            return (StatusCodes.Status401Unauthorized, "key_required",
                "This installation has no key yet: set VELLARYS_API_KEY and start it again.");
        }
        else if (!IsFromHere(context))
        {
            return (StatusCodes.Status403Forbidden, "local_only",
                "Without a key (VELLARYS_API_KEY) only requests from the machine itself are answered.");
        }

        return IsFromAnotherSite(context.Request)
            ? (StatusCodes.Status403Forbidden, "foreign_origin", "A page of another site may not do this.")
            : null;
    }

    private bool ShowsKey(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        string header = request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return FixedTime.Matches(header[Scheme.Length..], _keyHash);
        return request.Cookies[Cookie] is { } cookie && FixedTime.Matches(cookie, _cookieHash);
    }

    private static bool WantsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Path == "/sandbox"
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>The page checks the key in its own address, sets the cookie and leaves that address.</summary>
    private static bool AsksForCookie(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Path == "/sandbox" && request.Query.ContainsKey("key");

    private static bool IsFromHere(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && LocalNames.Contains(context.Request.Host.Host, StringComparer.OrdinalIgnoreCase)
        && !ProxyHeaders.Any(context.Request.Headers.ContainsKey);

    /// <summary>Browsers name the page that sends a changing request; callers that are no browser name none.</summary>
    private static bool IsFromAnotherSite(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) return false;
        string origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from)
                && string.Equals(from.Authority, Authority(request), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>As <see cref="Uri.Authority"/> writes it: without the scheme's own port.</summary>
    private static string Authority(HttpRequest request) =>
        Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out Uri? own) ? own.Authority : "";
}
