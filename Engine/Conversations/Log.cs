using Microsoft.Extensions.Logging;

namespace Vellarys.Conversations;

internal static partial class Log
{
    [LoggerMessage(1300, LogLevel.Warning, "Tenant {Tenant}: {Count} turns without an outcome, redriven")]
    public static partial void CustodyOverdue(ILogger logger, TenantId tenant, int count);

    [LoggerMessage(
        1301, LogLevel.Warning, "Tenant {Tenant}: {Count} deliveries stood still, handed to the queue again")]
    public static partial void DeliveriesSwept(ILogger logger, TenantId tenant, int count);

    [LoggerMessage(
        1310, LogLevel.Warning, "Conversation {Conversation} of tenant {Tenant}: a {Class} message failed ({Reason})")]
    public static partial void DeliveryFailed(
        ILogger logger, ConversationId conversation, TenantId tenant, string @class, string reason);

    [LoggerMessage(1311, LogLevel.Warning, "Tenant {Tenant}: staff could not be told of a failed message yet")]
    public static partial void FailureUntold(ILogger logger, TenantId tenant);

    [LoggerMessage(1302, LogLevel.Information, "Tenant {Tenant}: {Count} old receipts deleted")]
    public static partial void ReceiptsPruned(ILogger logger, TenantId tenant, long count);

    [LoggerMessage(
        1303, LogLevel.Warning,
        "Tenant {Tenant}: conversation {Conversation} talks to another automatic reply, the bot stopped")]
    public static partial void LoopStopped(ILogger logger, TenantId tenant, ConversationId conversation);

    [LoggerMessage(1304, LogLevel.Information, "{Count} events that had no channel went on their way")]
    public static partial void UnroutedRouted(ILogger logger, int count);

    [LoggerMessage(
        1305, LogLevel.Warning,
        "Tenant {Tenant}: message {Id} goes on without the one that it follows: that is neither recorded nor a dead "
        + "letter, and came no more")]
    public static partial void PredecessorGone(ILogger logger, TenantId tenant, Guid id);
}
