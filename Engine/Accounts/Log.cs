using Microsoft.Extensions.Logging;

namespace Vellarys.Accounts;

internal static partial class Log
{
    [LoggerMessage(1801, LogLevel.Error,
        "Tenant {Tenant}: its settings are unknown or unreadable at {Path}; what can be read of them holds, defaults "
        + "for the rest")]
    public static partial void BadSettings(ILogger logger, TenantId tenant, string path);

    [LoggerMessage(1802, LogLevel.Error,
        "Tenant {Tenant}: its opening hours cannot be read ({Field} {Reason}); it counts as always open")]
    public static partial void BadHours(ILogger logger, TenantId tenant, string field, string reason);
}
