using Microsoft.AspNetCore.Http;
using Npgsql;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Accounts.Sessions;

/// <summary>Checks what came with a set-up link and makes the first platform administrator.</summary>
internal sealed class MakeFirstAdmin(
    SetupLink link, Passwords passwords, TakeAttempt attempts, CallerAddress addresses, ITenantDirectory tenants)
{
    private const int LongestToken = 128;

    public async Task<IResult> RunAsync(HttpContext context, SetUpBody body)
    {
        if (TextInput.Fault(body.Token, LongestToken) is { } token) return Problems.Invalid("token", token);
        if (AccountInput.EmailFault(body.Email) is { } email) return Problems.Invalid("email", email);
        if (AccountInput.UsernameFault(body.Username) is { } username) return Problems.Invalid("username", username);
        if (TextInput.Fault(body.Name, AccountInput.MaxName) is { } name) return Problems.Invalid("name", name);
        if (PasswordRules.Fault(body.Password, [body.Email, body.Username, body.Name]) is { } password)
            return Problems.Invalid("password", password);
        TenantId? tenant = body.TenantId is { } id ? new TenantId(id) : null;
        if (tenant is { } named && await tenants.FindAsync(named, context.RequestAborted) is null)
            return Problems.Invalid("tenantId", "there is no such tenant");
        if (await attempts.RunAsync("set up", addresses.Of(context), context.RequestAborted) is { } wait)
            return SessionEndpoints.TooMany(context, wait);

        string hash = await passwords.HashAsync(body.Password!, context.RequestAborted);
        var admin = new FirstAdmin(body.Email!.Trim(), body.Username!, body.Name!.Trim());
        try
        {
            return await link.UseAsync(body.Token!, admin, hash, tenant, context.RequestAborted) is { } made
                ? TypedResults.Created((string?)null, new { id = made })
                : Problems.Of(
                    StatusCodes.Status401Unauthorized, "setup_link_invalid",
                    "This link was used, is too old, or somebody administers the platform already.");
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Only who holds the link comes here.
            return Problems.Refused(
                "username_taken", "Somebody of a company has this e-mail address or user name: choose another.");
        }
    }
}

/// <summary>Who wants to be the first.</summary>
internal sealed record SetUpBody(
    string? Token, string? Email, string? Username, string? Name, string? Password, Guid? TenantId);
