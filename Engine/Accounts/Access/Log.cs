using Microsoft.Extensions.Logging;

namespace Vellarys.Accounts.Access;

internal static partial class Log
{
    [LoggerMessage(1820, LogLevel.Error,
        "The signing key {Kid} cannot be opened ({Fault}): tokens that it signed are refused here, and another one "
        + "signs. Give its master key back; see docs/secrets.md")]
    public static partial void SigningKeyUnreadable(this ILogger<SigningKeys> logger, Guid kid, string fault);
}
