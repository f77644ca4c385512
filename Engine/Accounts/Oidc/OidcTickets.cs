using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Vellarys.Accounts.Access;
using Vellarys.Http;

namespace Vellarys.Accounts.Oidc;

/// <summary>
/// Tickets in a cookie each, signed, for ten minutes: any instance takes them, no row is made by who never comes back,
/// and two tabs do not spoil each other's.
/// </summary>
internal sealed class OidcTickets(SignedTokens tokens)
{
    private const string Audience = "vellarys-oidc";
    private const string Cookie = "vellarys_oidc_";
    private const string Path = "/api/v1/auth/oidc";
    private const int LongestState = 64;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public async Task GiveAsync(HttpContext context, OidcTicket ticket)
    {
        Dictionary<string, object> claims = new()
        {
            ["state"] = ticket.State,
            ["nonce"] = ticket.Nonce,
            ["verifier"] = ticket.Verifier,
        };
        if (ticket.Tenant is { } tenant) claims["tenant"] = tenant.ToString();
        if (ticket.ReturnTo is { } page) claims["page"] = page;
        string text = await tokens.IssueAsync(Audience, Lifetime, claims, context.RequestAborted);
        context.Response.Cookies.Append(NameOf(ticket.State), text, Options(context, Lifetime));
    }

    /// <summary>Null for a state that this browser did not begin with, or too long ago. It is gone then.</summary>
    public async Task<OidcTicket?> TakeAsync(HttpContext context, string? state)
    {
        if (state is not { Length: > 0 and <= LongestState }) return null;
        string name = NameOf(state);
        if (context.Request.Cookies[name] is not { } text) return null;
        context.Response.Cookies.Delete(name, Options(context, maxAge: null));
        if (await tokens.ReadAsync(text, Audience, context.RequestAborted) is not { } token) return null;
        string? own = Claim(token, "state"), nonce = Claim(token, "nonce"), verifier = Claim(token, "verifier");
        if (!FixedTime.AreEqual(state, own) || nonce is null || verifier is null) return null;
        Guid? tenant = Guid.TryParse(Claim(token, "tenant"), out Guid id) ? id : null;
        return new OidcTicket(state, nonce, verifier, tenant, Claim(token, "page"));
    }

    private static string? Claim(JsonWebToken token, string name) =>
        token.TryGetPayloadValue(name, out string value) ? value : null;

    private static string NameOf(string state) => Cookie + Convert.ToHexStringLower(FixedTime.Hash(state).AsSpan(0, 6));

    // Lax: the issuer's page sends the browser back here, which Strict would take for a foreign request.
    private static CookieOptions Options(HttpContext context, TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        Path = Path,
        MaxAge = maxAge,
    };
}
