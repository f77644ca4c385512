using Microsoft.Extensions.Logging;

namespace Vellarys.Flows.Watch;

/// <summary>Event ids 1900 to 1949.</summary>
internal static partial class Log
{
    [LoggerMessage(1900, LogLevel.Warning, "Tenant {Tenant}: {Kind}: {Count}, the oldest for {AgeSeconds} s")]
    public static partial void StandStill(ILogger logger, TenantId tenant, string kind, int count, long ageSeconds);

    [LoggerMessage(1901, LogLevel.Warning, "Tenant {Tenant}: {Count} flows restarted from their rows")]
    public static partial void Restarted(ILogger logger, TenantId tenant, int count);
}
