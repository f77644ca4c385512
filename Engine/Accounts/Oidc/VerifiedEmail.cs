using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Vellarys.Accounts.Oidc;

/// <summary>
/// The e-mail address that an issuer vouches for. Elsewhere whoever may write an address into a profile takes over its
/// owner's account, so what is not vouched for is none, and neither is a name that only looks like one.
/// </summary>
internal static class VerifiedEmail
{
    private const int Longest = 254;

    // Entra says nothing in email_verified: there it is the optional claim that the domain's owner was verified.
    private static readonly string[] Entra =
    [
        "login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn", "sts.windows.net",
    ];

    public static string? Of(JsonWebToken token, Uri issuer)
    {
        if (!token.TryGetPayloadValue("email", out string email) || email.Length is 0 or > Longest) return null;
        string vouching = Entra.Contains(issuer.Host, StringComparer.OrdinalIgnoreCase)
            ? "xms_edov"
            : "email_verified";
        return token.TryGetPayloadValue(vouching, out object said) && IsTrue(said)
            ? email.Trim().ToLowerInvariant()
            : null;
    }

    // Some write it as a text, Entra as a number as well.
    private static bool IsTrue(object? said) => said switch
    {
        bool flag => flag,
        string text => text is "1" || string.Equals(text, "true", StringComparison.OrdinalIgnoreCase),
        int or long => Convert.ToInt64(said, System.Globalization.CultureInfo.InvariantCulture) == 1,
        JsonElement { ValueKind: JsonValueKind.True } => true,
        _ => false,
    };
}
