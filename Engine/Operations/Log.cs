using Microsoft.Extensions.Logging;

namespace Vellarys.Operations;

internal static partial class Log
{
    [LoggerMessage(1600, LogLevel.Warning, "Health probe {Probe} failed")]
    public static partial void ProbeFailed(this ILogger logger, Exception exception, string probe);

    [LoggerMessage(1601, LogLevel.Information, "An event stream of tenant {Tenant} fell behind and was ended")]
    public static partial void StreamFellBehind(this ILogger logger, TenantId tenant);
}
