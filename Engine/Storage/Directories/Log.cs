using Microsoft.Extensions.Logging;

namespace Vellarys.Storage.Directories;

internal static partial class Log
{
    [LoggerMessage(1800, LogLevel.Warning, "{Directory} could not be renewed; what it holds stays in use")]
    public static partial void DirectoryStale(ILogger logger, string directory, Exception exception);

    [LoggerMessage(1804, LogLevel.Warning,
        "Changes to tenants and channels are not heard of ({Code}): they are known within 30 s instead")]
    public static partial void ListenLost(ILogger logger, string code);
}
