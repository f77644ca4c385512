using Microsoft.Extensions.Logging;

namespace Vellarys.Intake;

internal static partial class Log
{
    [LoggerMessage(1310, LogLevel.Warning,
        "{Count} events of a {Provider} webhook belong to no channel; kept (address hash {AddressHash})")]
    public static partial void WebhookUnrouted(ILogger logger, int count, string provider, string addressHash);

    [LoggerMessage(1311, LogLevel.Warning, "A {Provider} webhook was refused: {Reason}")]
    public static partial void WebhookRefused(ILogger logger, string provider, string reason);

    [LoggerMessage(1312, LogLevel.Error,
        "A {Provider} webhook could not be taken ({Code}); the provider will send it again")]
    public static partial void WebhookPutOff(ILogger logger, string provider, string code, Exception exception);

    [LoggerMessage(1314, LogLevel.Warning,
        "{Count} events of a {Provider} webhook belong to no channel and were not kept: whoever signs them has enough")]
    public static partial void WebhookNotKept(ILogger logger, int count, string provider);

    [LoggerMessage(1315, LogLevel.Warning,
        "{Count} of the oldest events without a channel, of the number that has most, were let go to make room")]
    public static partial void UnroutedDisplaced(ILogger logger, int count);

    [LoggerMessage(1313, LogLevel.Warning, "The backlog of tenant {Tenant} could not be counted ({Code})")]
    public static partial void BacklogNotCounted(ILogger logger, TenantId tenant, string code);
}
