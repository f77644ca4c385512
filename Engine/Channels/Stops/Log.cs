using Microsoft.Extensions.Logging;

namespace Vellarys.Channels.Stops;

internal static partial class Log
{
    [LoggerMessage(
        1210, LogLevel.Warning,
        "Channel {Channel} of tenant {Tenant}: a send was refused for its account ({Code}); a second one stops it")]
    public static partial void ChannelDoubted(ILogger logger, ChannelId channel, TenantId tenant, string code);

    [LoggerMessage(
        1211, LogLevel.Error, "Channel {Channel} of tenant {Tenant} is stopped ({Code}): what is to be sent waits")]
    public static partial void ChannelStopped(ILogger logger, ChannelId channel, TenantId tenant, string code);

    [LoggerMessage(1212, LogLevel.Warning, "Channel {Channel} of tenant {Tenant} stays stopped ({Code})")]
    public static partial void ChannelStillRefused(ILogger logger, ChannelId channel, TenantId tenant, string code);

    [LoggerMessage(1213, LogLevel.Warning, "Channel {Channel} of tenant {Tenant}, stopped before, sends again ({By})")]
    public static partial void ChannelResumed(ILogger logger, ChannelId channel, TenantId tenant, string by);

    [LoggerMessage(1214, LogLevel.Information, "Channel {Channel} of tenant {Tenant} is in doubt no more: it sends")]
    public static partial void ChannelWorks(ILogger logger, ChannelId channel, TenantId tenant);
}
