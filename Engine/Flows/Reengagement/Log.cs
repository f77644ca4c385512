using Microsoft.Extensions.Logging;

namespace Vellarys.Flows.Reengagement;

/// <summary>Event ids 1950 to 1999.</summary>
internal static partial class Log
{
    [LoggerMessage(1950, LogLevel.Information, "Tenant {Tenant}: {Count} customers went silent")]
    public static partial void WentSilent(ILogger logger, TenantId tenant, int count);
}
