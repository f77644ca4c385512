using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Vellarys.Accounts.Access;
using Vellarys.Api.Sandbox;
using Vellarys.Http;

namespace Vellarys.Api;

/// <summary>
/// Guards every endpoint that is not marked <see cref="OpenToAll"/>: who calls, and whether that one may. A caller
/// shows the installation's key, the page's cookie, a token of somebody who signed in, or a tenant's key. Who shows
/// nothing is nobody; or, where the settings say so, this machine, addressed by a name of its own (a hostile page that
/// points its own name at 127.0.0.1 is refused), and not through a proxy that says it is one. A proxy that does not
/// cannot be told from a caller on this machine, which is why nobody is the default.
/// </summary>
internal sealed class ApiAccess
{
    public const string Cookie = "vellarys_page";

    private const string Scheme = "Bearer ";

    private static readonly string[] ProxyHeaders =
        ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via"];

    private static readonly string[] LocalNames = ["localhost", "127.0.0.1", "[::1]"];

    private readonly RequestDelegate _next;
    private readonly ApiOptions _options;
    private readonly ReadCaller _callers;
    private readonly CallerAddress _addresses;
    private readonly IReadOnlyList<string> _adminNetworks;
    private readonly ILogger<ApiAccess> _log;
    private readonly byte[] _keyHash;
    private readonly byte[] _cookieHash;

    public ApiAccess(
        RequestDelegate next, ApiOptions options, AccountOptions accounts, ReadCaller callers, CallerAddress addresses,
        ILogger<ApiAccess> log)
    {
        _next = next;
        _options = options;
        _callers = callers;
        _addresses = addresses;
        _adminNetworks = accounts.AdminNetworkList;
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
        if (!isOpen && await RefusalAsync(context) is { } refusal)
        {
            await RefuseAsync(context, refusal);
            return;
        }

        if (NulInput.FieldOf(context.Request) is { } field)
        {
            await Problems.Invalid(field, TextInput.Nul).ExecuteAsync(context);
            return;
        }

        // What is open must not need the database: who has the installation's key is all that it can be told.
        if (isOpen && InstallationRefusal(context) is null && !Origins.IsFromAnotherSite(context.Request))
            context.Features.Set(KnownCaller.Instance);
        await _next(context);
    }

    private async Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        _log.RequestRefused(refusal.Code);
        if (refusal.Status == StatusCodes.Status401Unauthorized) context.Response.Headers.WWWAuthenticate = "Bearer";
        if (refusal.Status == StatusCodes.Status401Unauthorized && WantsPage(context.Request))
            await SandboxEndpoints.AskForKeyAsync(context);
        else await Problems.Of(refusal.Status, refusal.Code, refusal.Detail).ExecuteAsync(context);
    }

    /// <summary>Null when the caller may; then who it is goes along with the request.</summary>
    private async ValueTask<Refusal?> RefusalAsync(HttpContext context)
    {
        Caller caller = Caller.Installation;
        if (Shown(context.Request) is { } shown && !IsKey(shown) && ReadCaller.CanRead(shown))
        {
            CallerRead read = await _callers.RunAsync(shown, _addresses.Of(context), context.RequestAborted);
            if (read.IsElsewhere) return Elsewhere();
            if (read.Caller is not { } found)
                return new(StatusCodes.Status401Unauthorized, "token_invalid", "Sign in again, or show another key.");
            caller = found;
        }
        else if (InstallationRefusal(context) is { } refusal)
        {
            return refusal;
        }

        if (Origins.IsFromAnotherSite(context.Request))
            return new(StatusCodes.Status403Forbidden, "foreign_origin", "A page of another site may not do this.");
        context.Features.Set(caller);
        return MayCall(caller, context.GetEndpoint()?.Metadata.GetMetadata<EndpointAccess>());
    }

    private static Refusal? MayCall(Caller caller, EndpointAccess? needed)
    {
        // What says nothing of whom it is for is for the installation alone.
        bool may = needed is null ? caller.Kind == CallerKind.Installation : caller.May(needed.Permission);
        if (may) return null;
        return needed?.Permission == Permissions.OwnAccount
            ? new(StatusCodes.Status403Forbidden, "no_user",
                "This is for somebody who signed in: a key has no account.")
            : new(StatusCodes.Status403Forbidden, "not_permitted",
                $"This needs the permission {needed?.Permission ?? "of the installation"}.");
    }

    private Refusal? InstallationRefusal(HttpContext context)
    {
        if (_options.Key.Length > 0)
        {
            if (!ShowsKey(context.Request) && !AsksForCookie(context.Request))
            {
                return new(StatusCodes.Status401Unauthorized, "key_required",
                    "Send a token or key as Authorization: Bearer, or open /sandbox?key=... in a browser.");
            }

            return Networks.Allow(_adminNetworks, _addresses.Of(context)) ? null : Elsewhere();
        }

        if (!_options.AllowKeyless)
        {
            return new(StatusCodes.Status401Unauthorized, "key_required",
                "Sign in. This installation has no key yet: set VELLARYS_API_KEY and start it again.");
        }

        return IsFromHere(context)
            ? null
            : new(StatusCodes.Status403Forbidden, "local_only",
                "Without a key (VELLARYS_API_KEY) only requests from the machine itself are answered.");
    }

    private static Refusal Elsewhere() => new(
        StatusCodes.Status403Forbidden, "address_not_allowed", "This is not allowed from your address.");

    private static string? Shown(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..] : null;
    }

    private bool IsKey(string shown) => _options.Key.Length > 0 && FixedTime.Matches(shown, _keyHash);

    private bool ShowsKey(HttpRequest request) => Shown(request) is { } shown
        ? IsKey(shown)
        : request.Cookies[Cookie] is { } cookie && FixedTime.Matches(cookie, _cookieHash);

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

    private sealed record Refusal(int Status, string Code, string Detail);
}
