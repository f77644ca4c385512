using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Accounts.Sessions;

/// <summary>One's own authenticator.</summary>
internal static class SecondFactorEndpoints
{
    private const int LongestText = 300;

    public static void MapSecondFactor(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder totp = routes.MapGroup("/auth/totp");
        totp.MapPost("", EnrolAsync).Needs(Permissions.OwnAccount, "totp.enrol")
            .Gives(typeof(TotpOffer));
        totp.MapPost("/confirm", ConfirmAsync).Needs(Permissions.OwnAccount, "totp.confirm")
            .Takes(typeof(ProofBody));
        totp.MapPost("/disable", DisableAsync).Needs(Permissions.OwnAccount, "totp.disable")
            .Takes(typeof(ProofBody)).Gives(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> EnrolAsync(HttpContext context, FindAccount accounts, SecondFactor factor)
    {
        Account account = await OwnAsync(context, accounts);
        context.Response.Headers.CacheControl = "no-store";
        return await factor.OfferAsync(account, context.RequestAborted) is { } offer
            ? TypedResults.Ok(offer)
            : Problems.Refused("totp_enabled", "Disable the authenticator that is in use first.");
    }

    private static async Task<IResult> ConfirmAsync(
        HttpContext context, FindAccount accounts, SecondFactor factor, Passwords passwords, TakeAttempt attempts,
        CallerAddress addresses, ApiOptions options)
    {
        (ProofBody? body, IResult? problem) = await JsonBody.ReadAsync<ProofBody>(context.Request, options);
        if (body is null) return problem!;
        if (TextInput.Fault(body.Code, LongestText) is { } fault) return Problems.Invalid("code", fault);
        if (TextInput.Fault(body.Password, LongestText) is { } text) return Problems.Invalid("password", text);
        Account account = await OwnAsync(context, accounts);
        if (account.HasTotp) return Problems.Refused("totp_enabled", "It is in use already.");
        if (await attempts.RunAsync(account.Username, addresses.Of(context), context.RequestAborted) is { } wait)
            return SessionEndpoints.TooMany(context, wait);
        // Or a token that somebody left behind would lock its owner out.
        if (!await passwords.VerifyAsync(body.Password!, account.PasswordHash, context.RequestAborted))
            return Problems.Of(StatusCodes.Status403Forbidden, "password_wrong", "The current password is not right.");
        context.Response.Headers.CacheControl = "no-store";
        return await factor.ConfirmAsync(account, body.Code!, context.RequestAborted) is { } recoveryCodes
            ? TypedResults.Ok(new { recoveryCodes })
            : Problems.Refused("code_invalid", "The code is wrong, too old, or was used already.");
    }

    private static async Task<IResult> DisableAsync(
        HttpContext context, FindAccount accounts, SecondFactor factor, Passwords passwords, TakeAttempt attempts,
        CallerAddress addresses, ApiOptions options)
    {
        (ProofBody? body, IResult? problem) = await JsonBody.ReadAsync<ProofBody>(context.Request, options);
        if (body is null) return problem!;
        if (TextInput.Fault(body.Code, LongestText) is { } code) return Problems.Invalid("code", code);
        if (TextInput.Fault(body.Password, LongestText) is { } text) return Problems.Invalid("password", text);
        Account account = await OwnAsync(context, accounts);
        if (!account.HasTotp) return Problems.Refused("totp_disabled", "There is none.");
        if (await attempts.RunAsync(account.Username, addresses.Of(context), context.RequestAborted) is { } wait)
            return SessionEndpoints.TooMany(context, wait);
        if (!await passwords.VerifyAsync(body.Password!, account.PasswordHash, context.RequestAborted)
            || !await factor.AcceptAsync(account, body.Code!, context.RequestAborted))
        {
            return Problems.Of(
                StatusCodes.Status403Forbidden, "password_wrong", "The password or the code is not right.");
        }

        await factor.RemoveAsync(account.Id, context.RequestAborted);
        return TypedResults.NoContent();
    }

    private static async Task<Account> OwnAsync(HttpContext context, FindAccount accounts) =>
        (await accounts.WithIdAsync(context.Caller().User!.Value, context.RequestAborted))!;

    private sealed record ProofBody(string? Password, string? Code);
}
