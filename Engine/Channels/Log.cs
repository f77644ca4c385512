using Microsoft.Extensions.Logging;

namespace Vellarys.Channels;

internal static partial class Log
{
    [LoggerMessage(1200, LogLevel.Debug, "Channel {Channel}: a read mark was not taken")]
    public static partial void ReadMarkFailed(ILogger logger, ChannelId channel);

    [LoggerMessage(1201, LogLevel.Error,
        "Channel {Channel} of tenant {Tenant}: its stored secrets cannot be opened ({Fault}); it neither takes "
        + "webhooks nor sends. See docs/secrets.md")]
    public static partial void SecretsUnreadable(ILogger logger, ChannelId channel, TenantId tenant, string fault);

    [LoggerMessage(
        1202, LogLevel.Warning,
        "Channel {Channel} of tenant {Tenant}: its provider did not list its templates ({Code})")]
    public static partial void TemplatesNotListed(ILogger logger, ChannelId channel, TenantId tenant, string code);
}
