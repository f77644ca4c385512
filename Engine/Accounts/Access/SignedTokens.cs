using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Vellarys.Accounts.Access;

/// <summary>What this installation signs for itself (HS256), to be shown to it again for a while.</summary>
internal sealed class SignedTokens(SigningKeys keys, AccountOptions options, TimeProvider time)
{
    /// <summary>How far the clocks of two instances may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private const int Longest = 4_096;

    private readonly JsonWebTokenHandler _handler = new()
    {
        MaximumTokenSizeInBytes = Longest,
        SetDefaultTimesOnTokenCreation = false,
    };

    /// <param name="audience">What it is for: it is good for nothing else.</param>
    public async Task<string> IssueAsync(
        string audience, TimeSpan lifetime, Dictionary<string, object> claims, CancellationToken cancellationToken)
    {
        SigningKey key = await keys.CurrentAsync(cancellationToken);
        DateTime now = time.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.Issuer,
            Audience = audience,
            IssuedAt = now,
            Expires = now + lifetime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(Key(key), SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>Null for whatever is not ours, not for this, or not any more.</summary>
    public async Task<JsonWebToken?> ReadAsync(string text, string audience, CancellationToken cancellationToken)
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
            ValidAudience = audience,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (_, expires, _, _) => expires is { } end && time.GetUtcNow().UtcDateTime < end + Skew,
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken token } ? token : null;
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
}
