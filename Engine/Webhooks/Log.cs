using Microsoft.Extensions.Logging;

namespace Vellarys.Webhooks;

internal static partial class Log
{
    [LoggerMessage(
        2400, LogLevel.Information,
        "Tenant {Tenant}: webhook endpoint {Endpoint} did not take event {Event} on attempt {Attempt}: {Reason}")]
    public static partial void NotTaken(
        ILogger logger, TenantId tenant, Guid endpoint, Guid @event, int attempt, string reason);

    [LoggerMessage(
        2401, LogLevel.Warning, "Tenant {Tenant}: webhook endpoint {Endpoint} fails, and staff was told: {Notice}")]
    public static partial void EndpointFails(ILogger logger, TenantId tenant, Guid endpoint, string notice);
}
