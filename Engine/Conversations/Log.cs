using Microsoft.Extensions.Logging;

namespace Vellarys.Conversations;

internal static partial class Log
{
    [LoggerMessage(1300, LogLevel.Warning, "Tenant {Tenant}: {Count} turns without an outcome, redriven")]
    public static partial void CustodyOverdue(ILogger logger, TenantId tenant, int count);

    [LoggerMessage(
        1301, LogLevel.Warning, "Tenant {Tenant}: {Count} deliveries stood still, handed to the queue again")]
    public static partial void DeliveriesSwept(ILogger logger, TenantId tenant, int count);

    [LoggerMessage(1302, LogLevel.Information, "Tenant {Tenant}: {Count} old receipts deleted")]
    public static partial void ReceiptsPruned(ILogger logger, TenantId tenant, long count);
}
