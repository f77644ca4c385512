using Microsoft.IdentityModel.JsonWebTokens;

namespace Vellarys.Accounts.Access;

/// <summary>
/// Short-lived tokens of those who signed in. They say who, from which session and for which tenant; what that one may
/// do is looked up with every call.
/// </summary>
internal sealed class AccessTokens(SignedTokens tokens, TimeProvider time)
{
    public const string Audience = "vellarys-api";

    /// <summary>How long one is good for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const string SessionClaim = "sid";
    private const string TenantClaim = "tenant";
    private const string VersionClaim = "pv";

    public Task<string> IssueAsync(AccessToken token, CancellationToken cancellationToken)
    {
        Dictionary<string, object> claims = new()
        {
            [JwtRegisteredClaimNames.Sub] = token.User.ToString(),
            [JwtRegisteredClaimNames.Jti] = Ids.New(time).ToString("N"),
            [SessionClaim] = token.Session.ToString(),
            [VersionClaim] = token.Version,
        };
        if (token.Tenant is { } tenant) claims[TenantClaim] = tenant.ToString();
        return tokens.IssueAsync(Audience, Lifetime, claims, cancellationToken);
    }

    /// <summary>Null for whatever is not ours, not for us, or not any more.</summary>
    public async Task<AccessToken?> ReadAsync(string text, CancellationToken cancellationToken) =>
        await tokens.ReadAsync(text, Audience, cancellationToken) is { } token ? Parse(token) : null;

    private static AccessToken? Parse(JsonWebToken token)
    {
        if (!Guid.TryParse(token.Subject, out Guid user)) return null;
        if (!token.TryGetPayloadValue(SessionClaim, out string sid)
            || !Guid.TryParse(sid, out Guid session))
        {
            return null;
        }

        if (!token.TryGetPayloadValue(VersionClaim, out long version)) return null;
        if (!token.TryGetPayloadValue(TenantClaim, out string named))
            return new AccessToken(user, session, null, version);
        return Guid.TryParse(named, out Guid tenant)
            ? new AccessToken(user, session, new TenantId(tenant), version)
            : null;
    }
}

/// <summary>What a token says.</summary>
/// <param name="Version">The permissions' when it was made, so that a client can tell that they have changed.</param>
internal sealed record AccessToken(Guid User, Guid Session, TenantId? Tenant, long Version);
