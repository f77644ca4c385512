using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Vellarys.Accounts.Access;

/// <summary>
/// Short-lived tokens of those who signed in. They say who, from which session and for which tenant; what that one may
/// do is looked up with every call.
/// </summary>
internal sealed class AccessTokens(SigningKeys keys, AccountOptions options, TimeProvider time)
{
    public const string Audience = "vellarys-api";

    /// <summary>How long one is good for.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>How far the clocks of two instances may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private const int Longest = 4_096;
    private const string SessionClaim = "sid";
    private const string TenantClaim = "tenant";
    private const string VersionClaim = "pv";

    private readonly JsonWebTokenHandler _handler = new()
    {
        MaximumTokenSizeInBytes = Longest,
        SetDefaultTimesOnTokenCreation = false,
    };

    public async Task<string> IssueAsync(AccessToken token, CancellationToken cancellationToken)
    {
        SigningKey key = await keys.CurrentAsync(cancellationToken);
        DateTime now = time.GetUtcNow().UtcDateTime;
        Dictionary<string, object> claims = new()
        {
            [JwtRegisteredClaimNames.Sub] = token.User.ToString(),
            [JwtRegisteredClaimNames.Jti] = Ids.New(time).ToString("N"),
            [SessionClaim] = token.Session.ToString(),
            [VersionClaim] = token.Version,
        };
        if (token.Tenant is { } tenant) claims[TenantClaim] = tenant.ToString();
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.Issuer,
            Audience = Audience,
            IssuedAt = now,
            Expires = now + Lifetime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(Key(key), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>Null for whatever is not ours, not for us, or not any more.</summary>
    public async Task<AccessToken?> ReadAsync(string text, CancellationToken cancellationToken)
    {
        if (text.Length > Longest || !_handler.CanReadToken(text)) return null;
        SigningKey? key = await keys.FindAsync(KidOf(text), cancellationToken);
        if (key is null) return null;
        TokenValidationResult result = await _handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKey = Key(key),
            TryAllIssuerSigningKeys = false,
            ValidIssuer = options.Issuer,
            ValidAudience = Audience,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (_, expires, _, _) => expires is { } end && time.GetUtcNow().UtcDateTime < end + Skew,
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken token } ? Parse(token) : null;
    }

    private static SymmetricSecurityKey Key(SigningKey key) => new(key.Secret) { KeyId = key.Kid };

    private string? KidOf(string text)
    {
        try
        {
            return _handler.ReadJsonWebToken(text).Kid;
        }
        catch (ArgumentException)
        {
            return null;
        }
        catch (SecurityTokenException)
        {
            return null;
        }
    }

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
