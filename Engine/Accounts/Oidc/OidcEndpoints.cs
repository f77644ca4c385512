using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Vellarys.Accounts.Access;
using Vellarys.Accounts.Sessions;
using Vellarys.Http;

namespace Vellarys.Accounts.Oidc;

/// <summary>Signing in at the issuer: a browser is sent there, and comes back.</summary>
internal static class OidcEndpoints
{
    private const int LongestCode = 4_096;

    public static void MapOidc(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder oidc = routes.MapGroup("/auth/oidc").WithMetadata(new OpenToAll());
        oidc.MapGet("/start", StartAsync).Asks("tenantId", "returnTo").Gives(StatusCodes.Status302Found);
        oidc.MapGet("/callback", ReturnAsync).Asks("code", "state", "error", "iss")
            .Gives(typeof(SessionEndpoints.TokenAnswer));
    }

    private static async Task<IResult> StartAsync(
        HttpContext context, OidcOptions options, OidcIssuer issuer, OidcTickets tickets)
    {
        if (!options.IsOn) return Off();
        var query = new QueryInput(context.Request);
        Guid? tenant = query.Id("tenantId");
        string? page = query.Text("returnTo", 500);
        if (page is not null && !OidcTicket.IsOwnPage(page)) query.Refuse("returnTo", "must be a path of this site");
        if (query.Problem is { } problem) return problem;

        OpenIdConnectConfiguration known = await issuer.ReadAsync(context.RequestAborted);
        Uri entrance = OidcDocuments.AddressOf(known.AuthorizationEndpoint, options);
        var ticket = OidcTicket.Make(tenant, page);
        await tickets.GiveAsync(context, ticket);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Redirect(QueryHelpers.AddQueryString(entrance.ToString(), new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = options.ClientId,
            ["redirect_uri"] = options.RedirectUri,
            ["scope"] = "openid email profile",
            ["state"] = ticket.State,
            ["nonce"] = ticket.Nonce,
            ["code_challenge"] = ticket.Challenge,
            ["code_challenge_method"] = "S256",
        }));
    }

    private static async Task<IResult> ReturnAsync(
        HttpContext context, OidcOptions options, OidcTickets tickets, SignInAtIssuer signIn, IssueTokens issue,
        TakeAttempt attempts, CallerAddress addresses, AccountMetrics metrics)
    {
        if (!options.IsOn) return Off();
        context.Response.Headers.CacheControl = "no-store";
        IQueryCollection query = context.Request.Query;
        if (await tickets.TakeAsync(context, query["state"]) is not { } ticket) return Problem("state");
        // That another issuer answers is how one is made to spend the code of one at the other (RFC 9207).
        if (query["iss"].ToString() is { Length: > 0 } iss && iss != options.Issuer) return Problem("token");
        if (query["error"].ToString().Length > 0) return Problem("denied");
        if (query["code"].ToString() is not { Length: > 0 and <= LongestCode } code) return Problem("code");
        if (await attempts.OfAddressAsync(addresses.Of(context), context.RequestAborted) is { } wait)
            return SessionEndpoints.TooMany(context, wait);

        OidcOutcome outcome = await signIn.RunAsync(ticket, code, addresses.Of(context), context.RequestAborted);
        metrics.SignIn("Oidc" + outcome.GetType().Name);
        if (outcome is not OidcOutcome.SignedIn signed) return Problem(((OidcOutcome.Refused)outcome).Why);
        await attempts.ForgetAddressAsync(addresses.Of(context), context.RequestAborted);
        IResult answer = await SessionEndpoints.AnswerAsync(
            context, issue, signed.Session, signed.User, ticket.Tenant, last: null, signed.Token);
        // The page asks for its tokens with the cookie that it has now.
        return ticket.ReturnTo is { } page && answer is IStatusCodeHttpResult { StatusCode: StatusCodes.Status200OK }
            ? TypedResults.LocalRedirect(page)
            : answer;
    }

    private static IResult Off() => Problems.NotFound("oidc_off", "This installation has no issuer: set OIDC_ISSUER.");

    private static IResult Problem(string why) => why switch
    {
        "state" => No("oidc_state_invalid", "This sign-in was not begun here, is too old, or was used already."),
        "denied" => No("oidc_denied", "The issuer did not let you in."),
        "email_unverified" => No(
            "oidc_email_unverified", "The issuer does not vouch for your e-mail address, and no account is bound yet."),
        "no_account" => No("oidc_no_account", "There is no account for you: ask an administrator for one."),
        "bound_to_another" => No(
            "oidc_bound_to_another", "The account of this address is bound to somebody else at the issuer."),
        _ => No("oidc_refused", "What the issuer sent is not good: begin anew."),
    };

    private static IResult No(string code, string detail) =>
        Problems.Of(StatusCodes.Status401Unauthorized, code, detail);
}
