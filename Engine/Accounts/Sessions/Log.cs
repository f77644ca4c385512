using Microsoft.Extensions.Logging;

namespace Vellarys.Accounts.Sessions;

internal static partial class Log
{
    [LoggerMessage(1821, LogLevel.Error,
        "The authenticator of user {User} cannot be opened ({Fault}): only recovery codes are taken. Give its master "
        + "key back; see docs/secrets.md")]
    public static partial void TotpUnreadable(this ILogger<SecondFactor> logger, Guid user, string fault);
}
