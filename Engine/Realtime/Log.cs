using Microsoft.Extensions.Logging;

namespace Vellarys.Realtime;

internal static partial class Log
{
    [LoggerMessage(1601, LogLevel.Information, "An event stream of tenant {Tenant} fell behind and was ended")]
    public static partial void StreamFellBehind(this ILogger logger, TenantId tenant);
}
