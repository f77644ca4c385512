using Microsoft.Extensions.Logging;

namespace Vellarys.Storage.Directories;

internal static partial class Log
{
    [LoggerMessage(1800, LogLevel.Warning, "{Directory} could not be renewed; what it holds stays in use")]
    public static partial void DirectoryStale(ILogger logger, string directory, Exception exception);
}
