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

    [LoggerMessage(1803, LogLevel.Error,
        "Tenant {Tenant}: a job's work failed with {Code}; the next tenant has its turn")]
    public static partial void WorkFailed(ILogger logger, TenantId tenant, string code);
}
