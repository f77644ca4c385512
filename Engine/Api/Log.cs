using Microsoft.Extensions.Logging;

namespace Vellarys.Api;

internal static partial class Log
{
    [LoggerMessage(1700, LogLevel.Error, "{Method} {Endpoint} failed")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string method, string endpoint);

    [LoggerMessage(1701, LogLevel.Warning, "A request was refused: {Code}")]
    public static partial void RequestRefused(this ILogger logger, string code);
}
