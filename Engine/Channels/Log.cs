using Microsoft.Extensions.Logging;

namespace Vellarys.Channels;

internal static partial class Log
{
    [LoggerMessage(1200, LogLevel.Debug, "Channel {Channel}: a read mark was not taken")]
    public static partial void ReadMarkFailed(ILogger logger, ChannelId channel);
}
