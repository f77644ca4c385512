using Microsoft.Extensions.Logging;

namespace Vellarys.Accounts.Oidc;

internal static partial class Log
{
    [LoggerMessage(1830, LogLevel.Warning, "A sign-in at the issuer came to nothing: {Why}")]
    public static partial void OidcRefused(this ILogger<SignInAtIssuer> logger, string why);

    [LoggerMessage(1831, LogLevel.Warning, "An identity token was refused: {Fault}")]
    public static partial void IdTokenRefused(this ILogger<SignInAtIssuer> logger, string fault);

    [LoggerMessage(1832, LogLevel.Information, "User {User} was bound to an identity of the issuer")]
    public static partial void IdentityBound(this ILogger<SignInAtIssuer> logger, Guid user);
}
