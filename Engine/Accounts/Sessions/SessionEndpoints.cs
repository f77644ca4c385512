using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Accounts.Sessions;

/// <summary>Coming in, staying in, and leaving.</summary>
internal static class SessionEndpoints
{
    private const int LongestText = 300;

    /// <summary>For those who are not in yet.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder auth = routes.MapGroup("/auth").WithMetadata(new OpenToAll());
        auth.AddEndpointFilter(async (invocation, next) => Origins.IsFromAnotherSite(invocation.HttpContext.Request)
            ? Origins.Refusal()
            : await next(invocation));
        auth.MapPost("/sign-in", SignInAsync).Takes(typeof(SignInBody)).Gives(typeof(TokenAnswer));
        auth.MapPost("/refresh", RefreshAsync).Takes(typeof(RefreshBody)).Gives(typeof(TokenAnswer));
        auth.MapPost("/setup", SetUpAsync).Takes(typeof(SetUpBody));
    }

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder auth = routes.MapGroup("/auth");
        auth.MapGet("/me", MeAsync).Needs(Permissions.OwnAccount, "account.read-own");
        auth.MapPut("/password", SetPasswordAsync).Needs(Permissions.OwnAccount, "account.set-own-password")
            .Takes(typeof(PasswordBody)).Gives(StatusCodes.Status204NoContent);
        auth.MapPost("/sign-out", SignOutAsync).Needs(Permissions.OwnAccount, "session.sign-out")
            .Gives(StatusCodes.Status204NoContent);
        auth.MapPost("/sessions/end", EndAllAsync).Needs(Permissions.OwnAccount, "session.end-all")
            .Gives(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> SignInAsync(
        HttpContext context, SignIn signIn, IssueTokens issue, CallerAddress addresses, AccountMetrics metrics,
        ApiOptions options)
    {
        (SignInBody? body, IResult? problem) = await JsonBody.ReadAsync<SignInBody>(context.Request, options);
        if (body is null) return problem!;
        if (TextInput.Fault(body.Login, LongestText) is { } login) return Problems.Invalid("login", login);
        if (TextInput.Fault(body.Password, LongestText) is { } password) return Problems.Invalid("password", password);
        if (body.Code?.Length > LongestText) return Problems.Invalid("code", "is too long");

        SignInOutcome outcome = await signIn.RunAsync(
            body.Login!, body.Password!, body.Code, addresses.Of(context), context.RequestAborted);
        metrics.SignIn(outcome.GetType().Name);
        return outcome switch
        {
            SignInOutcome.SignedIn signed => await AnswerAsync(
                context, issue, signed.Session, signed.User, body.TenantId, last: null, signed.Token),
            SignInOutcome.CodeNeeded => No("code_required", "Send the code of your authenticator too."),
            SignInOutcome.CodeWrong => No("code_invalid", "The code is wrong, too old, or was used already."),
            SignInOutcome.Throttled throttled => TooMany(context, throttled.Wait),
            _ => No("sign_in_failed", "Name or password are not right."),
        };
    }

    private static async Task<IResult> RefreshAsync(
        HttpContext context, SessionStore sessions, IssueTokens issue, AccountMetrics metrics, ApiOptions options)
    {
        RefreshBody body = new(null);
        if (context.Request.ContentLength > 0)
        {
            (RefreshBody? read, IResult? problem) = await JsonBody.ReadAsync<RefreshBody>(context.Request, options);
            if (read is null) return problem!;
            body = read;
        }

        Rotation? rotation = RefreshToken.Of(context.Request) is { } shown
            ? await sessions.RotateAsync(shown, context.RequestAborted)
            : null;
        metrics.Refresh(rotation switch
        {
            { IsLive: true, IsReuse: true } => "reuse",
            { IsLive: true } => "refreshed",
            _ => "unknown",
        });
        if (rotation is { IsLive: true, IsReuse: false })
        {
            return await AnswerAsync(
                context, issue, rotation.Session, rotation.User, body.TenantId, rotation.LastTenant, rotation.Next);
        }

        RefreshToken.TakeBack(context);
        return No("session_ended", "Sign in again.");
    }

    private static async Task<IResult> SetUpAsync(HttpContext context, MakeFirstAdmin make, ApiOptions options)
    {
        (SetUpBody? body, IResult? problem) = await JsonBody.ReadAsync<SetUpBody>(context.Request, options);
        return body is null ? problem! : await make.RunAsync(context, body);
    }

    private static async Task<IResult> MeAsync(HttpContext context, FindAccount accounts, UserTenants tenants)
    {
        Caller caller = context.Caller();
        Account? account = await accounts.WithIdAsync(caller.User!.Value, context.RequestAborted);
        IReadOnlyList<UserTenant> all = await tenants.ListAsync(caller.User.Value, context.RequestAborted);
        return TypedResults.Ok(new
        {
            id = account!.Id,
            account.Email,
            account.Username,
            account.Name,
            account.HasTotp,
            caller.IsPlatformAdmin,
            tenantId = caller.Tenant?.Value,
            caller.Role,
            permissions = caller.Permissions.Order(StringComparer.Ordinal),
            tenants = all.Select(Shown),
        });
    }

    private static async Task<IResult> SetPasswordAsync(
        HttpContext context, FindAccount accounts, Passwords passwords, StorePassword store, TakeAttempt attempts,
        CallerAddress addresses, ApiOptions options)
    {
        (PasswordBody? body, IResult? problem) = await JsonBody.ReadAsync<PasswordBody>(context.Request, options);
        if (body is null) return problem!;
        Caller caller = context.Caller();
        Account account = (await accounts.WithIdAsync(caller.User!.Value, context.RequestAborted))!;
        if (PasswordRules.Fault(body.Password, [account.Email, account.Username, account.Name]) is { } fault)
            return Problems.Invalid("password", fault);
        if (await attempts.RunAsync(account.Username, addresses.Of(context), context.RequestAborted) is { } wait)
            return TooMany(context, wait);
        if (!await passwords.VerifyAsync(body.Current ?? "", account.PasswordHash, context.RequestAborted))
            return Problems.Of(StatusCodes.Status403Forbidden, "password_wrong", "The current password is not right.");
        await store.RunAsync(account.Id, body.Password!, caller.Session, context.RequestAborted);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, SessionStore sessions)
    {
        Caller caller = context.Caller();
        await sessions.EndAsync(caller.Session!.Value, caller.User!.Value, context.RequestAborted);
        RefreshToken.TakeBack(context);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> EndAllAsync(HttpContext context, SessionStore sessions)
    {
        await sessions.EndAllAsync(context.Caller().User!.Value, "ended_by_user", except: null, context.RequestAborted);
        RefreshToken.TakeBack(context);
        return TypedResults.NoContent();
    }

    /// <summary>The tokens of a session that has just begun or goes on.</summary>
    public static async Task<IResult> AnswerAsync(
        HttpContext context, IssueTokens issue, Guid session, Guid user, Guid? wanted, TenantId? last,
        RefreshToken token)
    {
        TenantId? tenant = wanted is { } id ? new TenantId(id) : null;
        Issued? issued = await issue.RunAsync(
            session, user, tenant, last, CallerAddress.OfRequest(context), context.RequestAborted);
        token.Give(context);
        context.Response.Headers.CacheControl = "no-store";
        if (issued is null)
        {
            return Problems.Of(
                StatusCodes.Status403Forbidden, "foreign_tenant", "This is not a tenant of yours.");
        }

        return TypedResults.Ok(new TokenAnswer(
            issued.AccessToken, (int)AccessTokens.Lifetime.TotalSeconds, issued.Tenant?.Id.Value, issued.Tenant?.Role,
            [.. issued.Tenants.Select(Shown)]));
    }

    private static TenantAnswer Shown(UserTenant tenant) => new(tenant.Id.Value, tenant.Name, tenant.Role);

    private static IResult No(string code, string detail) =>
        Problems.Of(StatusCodes.Status401Unauthorized, code, detail);

    public static IResult TooMany(HttpContext context, TimeSpan wait)
    {
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Problems.Of((int)HttpStatusCode.TooManyRequests, "too_many_attempts", "Wait before you try again.");
    }

    internal sealed record TenantAnswer(Guid Id, string Name, string Role);

    internal sealed record TokenAnswer(
        string AccessToken, int ExpiresInSeconds, Guid? TenantId, string? Role, IReadOnlyList<TenantAnswer> Tenants);

    private sealed record SignInBody(string? Login, string? Password, string? Code, Guid? TenantId);

    private sealed record RefreshBody(Guid? TenantId);

    private sealed record PasswordBody(string? Current, string? Password);
}
