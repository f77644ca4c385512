using Microsoft.Extensions.Logging;

namespace Vellarys.Flows.Campaign;

/// <summary>Event ids 1970 to 1989.</summary>
internal static partial class Log
{
    [LoggerMessage(1970, LogLevel.Warning, "Campaign {Campaign} of tenant {Tenant} stopped itself ({Reason})")]
    public static partial void Halted(ILogger logger, TenantId tenant, Guid campaign, string reason);

    [LoggerMessage(1971, LogLevel.Warning, "Tenant {Tenant}: {Count} campaigns stood still, handed to the queue again")]
    public static partial void Restarted(ILogger logger, TenantId tenant, int count);
}
