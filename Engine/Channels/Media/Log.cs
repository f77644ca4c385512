using Microsoft.Extensions.Logging;

namespace Vellarys.Channels.Media;

internal static partial class Log
{
    [LoggerMessage(2500, LogLevel.Warning, "Tenant {Tenant}: file {Media} is not kept: {State} ({Reason})")]
    public static partial void NotKept(ILogger logger, TenantId tenant, Guid media, string state, string reason);

    [LoggerMessage(2501, LogLevel.Information, "Tenant {Tenant}: deleted {Count} files that were old enough")]
    public static partial void Pruned(ILogger logger, TenantId tenant, long count);
}
