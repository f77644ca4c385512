using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Vellarys.Http;

namespace Vellarys.Accounts.Sessions;

/// <summary>Where the one-time link leads: a form without a script. Its answer is that of <c>POST
/// /auth/setup</c>.</summary>
internal static class SetupPage
{
    private const string Html =
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Vellarys: the first administrator</title>
        <h1>The first administrator</h1>
        <form method="post" action="/setup" autocomplete="off">
        <p><label>Token of the link <input name="token" required value="{token}"></label>
        <p><label>E-mail <input name="email" type="email" required></label>
        <p><label>User name <input name="username" required></label>
        <p><label>Name <input name="name" required></label>
        <p><label>Password, 10 characters or more
        <input name="password" type="password" required minlength="10"></label>
        <p><button>Make it</button>
        </form>
        </html>
        """;

    public static void MapSetupPage(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/setup", Show);
        routes.MapPost("/setup", TakeAsync);
    }

    private static ContentHttpResult Show(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy =
            "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
        string token = context.Request.Query["token"].ToString();
        // What we make is letters, digits, dashes and underscores; anything else is not put into a page.
        if (token.Length > 128 || !token.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) token = "";
        return TypedResults.Content(
            Html.Replace("{token}", token, StringComparison.Ordinal), "text/html; charset=utf-8");
    }

    private static async Task<IResult> TakeAsync(HttpContext context, MakeFirstAdmin make)
    {
        const int MaxForm = 4_096;
        if (Origins.IsFromAnotherSite(context.Request)) return Origins.Refusal();
        if (!context.Request.HasFormContentType)
            return Problems.ForStatus(StatusCodes.Status415UnsupportedMediaType);
        if (context.Request.ContentLength is null or > MaxForm) return Problems.TooLarge(MaxForm);
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        return await make.RunAsync(context, new SetUpBody(
            form["token"], form["email"], form["username"], form["name"], form["password"], TenantId: null));
    }
}
