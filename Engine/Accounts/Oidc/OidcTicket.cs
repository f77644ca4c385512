using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Vellarys.Accounts.Oidc;

/// <summary>A sign-in that has gone to the issuer, kept by the browser that it began in.</summary>
/// <param name="State">Comes back with the code: the answer is to this question.</param>
/// <param name="Nonce">Comes back in the token: the token is of this sign-in.</param>
/// <param name="Verifier">Whose hash went along: the code is of no use to who has not this (RFC 7636).</param>
/// <param name="Tenant">Which tenant is meant; null for the only one.</param>
/// <param name="ReturnTo">A page of ours; null: the tokens are the answer.</param>
internal sealed record OidcTicket(string State, string Nonce, string Verifier, Guid? Tenant, string? ReturnTo)
{
    private const int LongestPath = 500;

    /// <summary>RFC 7636, S256.</summary>
    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public static OidcTicket Make(Guid? tenant, string? returnTo) => new(Text(), Text(), Text(), tenant, returnTo);

    /// <summary>A path of this very site, which no browser takes for another's.</summary>
    public static bool IsOwnPage(string path) =>
        path.Length is > 0 and <= LongestPath && path[0] == '/' && !path.StartsWith("//", StringComparison.Ordinal)
        && !path.Any(c => c is '\\' or <= ' ' or >= (char)127);

    /// <summary>Leaves the secrets out.</summary>
    public override string ToString() => "sign-in under way";

    private static string Text() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
