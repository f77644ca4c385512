using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts;
using Vellarys.Http;

namespace Vellarys.Api.Sandbox;

/// <summary>The page that plays both sides, and what it needs to know of the tenant's sandbox channels.</summary>
internal static class SandboxEndpoints
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    public static void MapSandboxChannels(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/sandbox/channels", ChannelsAsync)
        .Needs(Permissions.ManageChannels, "sandbox.channels")
        .Gives(typeof(Listed<SandboxChannel>));

    public static void MapSandboxPage(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sandbox", (HttpContext context, ApiOptions options) =>
            context.Request.Query.TryGetValue("key", out var key)
                ? SignIn(context, options, key.ToString())
                : File(context, "index.html"))
            .Needs(Permissions.ManageChannels, "sandbox.page");
        routes.MapPost("/sandbox", SignInAsync).WithMetadata(new OpenToAll());
        routes.MapGet("/sandbox/{file}", (string file, HttpContext context) => File(context, file))
            .Needs(Permissions.ManageChannels, "sandbox.file");
    }

    private static async Task<IResult> ChannelsAsync(HttpContext context, ListSandboxChannels list) =>
        TypedResults.Ok(new { items = await list.RunAsync(context.Tenant(), context.RequestAborted) });

    /// <summary>
    /// To a browser that asks for the page and shows no key: a form for it, so that it stands in no address.
    /// </summary>
    public static async Task AskForKeyAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        await KeyPage(context).ExecuteAsync(context);
    }

    private static async Task<IResult> SignInAsync(HttpContext context, ApiOptions options)
    {
        const int MaxForm = 4_096;
        if (!context.Request.HasFormContentType)
            return Problems.ForStatus(StatusCodes.Status415UnsupportedMediaType);
        if (context.Request.ContentLength is null or > MaxForm) return Problems.TooLarge(MaxForm);
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        return SignIn(context, options, form["key"].ToString());
    }

    /// <summary>
    /// Trades the key in the address for a cookie, so that it stays neither there nor in the history.
    /// </summary>
    private static IResult SignIn(HttpContext context, ApiOptions options, string key)
    {
        if (options.Key.Length > 0)
        {
            if (!FixedTime.AreEqual(key, options.Key))
            {
                return Problems.Of(StatusCodes.Status401Unauthorized, "key_required", "This is not the key.");
            }

            context.Response.Cookies.Append(ApiAccess.Cookie, ApiAccess.CookieValue(options.Key), new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Secure = context.Request.IsHttps,
                MaxAge = TimeSpan.FromDays(30),
            });
        }

        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.CacheControl = "no-store";
        string query = context.Request.Query.TryGetValue("tenant", out var tenant)
            ? QueryString.Create("tenant", tenant.ToString()).Value!
            : "";
        return TypedResults.LocalRedirect("/sandbox" + query);
    }

    private static IResult KeyPage(HttpContext context)
    {
        IResult page = File(context, "key.html");
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; form-action 'self'; "
            + "base-uri 'none'; frame-ancestors 'none'";
        return page;
    }

    private static IResult File(HttpContext context, string name)
    {
        if (SandboxAssets.Find(name) is not { } asset) return Problems.ForStatus(StatusCodes.Status404NotFound);
        IHeaderDictionary headers = context.Response.Headers;
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return TypedResults.File(asset.Bytes, asset.ContentType, entityTag: asset.Tag);
    }
}
