using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Vellarys.Http;

namespace Vellarys.Accounts.Oidc;

/// <summary>Whether an identity token is the issuer's, for us, of this sign-in and of now.</summary>
internal sealed class ReadIdToken(OidcOptions options, OidcIssuer issuer, TimeProvider time)
{
    /// <summary>How far the issuer's clock may be from ours.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    private const int Longest = 32_768;
    private const int LongestSubject = 255;

    // Of a public key only: with a shared one whoever knows the client's secret, or the key, would sign.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new()
    {
        MaximumTokenSizeInBytes = Longest, MapInboundClaims = false,
    };

    /// <summary>Who it is, or what is wrong with the token.</summary>
    public async Task<(OidcPerson? Person, string? Fault)> RunAsync(
        OpenIdConnectConfiguration known, string text, OidcTicket ticket, CancellationToken cancellationToken)
    {
        if (text.Length > Longest || !_handler.CanReadToken(text)) return (null, "unreadable");
        TokenValidationResult result = await ValidateAsync(known, text);
        // The issuer may have changed its keys.
        if (!result.IsValid && (result.Exception is SecurityTokenInvalidSignatureException || !Knows(known, text)))
            result = await ValidateAsync(await issuer.ReadAnewAsync(cancellationToken), text);
        if (result is not { IsValid: true, SecurityToken: JsonWebToken token })
            return (null, result.Exception?.GetType().Name ?? "invalid");

        if (!FixedTime.AreEqual(Text(token, "nonce"), ticket.Nonce)) return (null, "nonce");
        if (token.Audiences.Count() > 1 && Text(token, "azp") != options.ClientId) return (null, "azp");
        return token.Subject is { Length: > 0 and <= LongestSubject } subject
            ? (new OidcPerson(subject, VerifiedEmail.Of(token, new Uri(options.Issuer))), null)
            : (null, "sub");
    }

    private bool Knows(OpenIdConnectConfiguration known, string text) =>
        known.SigningKeys.Any(k => k.KeyId == _handler.ReadJsonWebToken(text).Kid);

    private Task<TokenValidationResult> ValidateAsync(OpenIdConnectConfiguration known, string text) =>
        _handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidAlgorithms = Algorithms,
            IssuerSigningKeys = known.SigningKeys,
            // A token without a key's id is of an issuer with one key.
            TryAllIssuerSigningKeys = known.SigningKeys.Count == 1 && _handler.ReadJsonWebToken(text).Kid is null or "",
            ValidIssuer = options.Issuer,
            ValidAudience = options.ClientId,
            RequireAudience = true,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (from, until, _, _) => until is { } end
                && time.GetUtcNow().UtcDateTime < end + Skew
                && (from is not { } start || time.GetUtcNow().UtcDateTime > start - Skew),
        });

    private static string? Text(JsonWebToken token, string name) =>
        token.TryGetPayloadValue(name, out string value) ? value : null;
}

/// <summary>Who signed in at the issuer.</summary>
/// <param name="Subject">Theirs there, for ever.</param>
/// <param name="Email">Null where the issuer does not vouch for it.</param>
internal sealed record OidcPerson(string Subject, string? Email)
{
    /// <summary>Leaves the address out.</summary>
    public override string ToString() => "person of the issuer";
}
