using Microsoft.Extensions.Logging;

namespace Vellarys.Api;

internal static partial class Log
{
    [LoggerMessage(1700, LogLevel.Error, "{Method} {Endpoint} failed")]
    public static partial void RequestFailed(this ILogger logger, Exception exception, string method, string endpoint);

    [LoggerMessage(1701, LogLevel.Warning, "A request was refused: {Code}")]
    public static partial void RequestRefused(this ILogger logger, string code);

    [LoggerMessage(1702, LogLevel.Warning,
        "THE API IS OPEN WITHOUT A KEY to everything on this machine (Api:AllowKeyless), and to the whole world "
        + "through any proxy on it. Set VELLARYS_API_KEY where others can reach this machine")]
    public static partial void OpenWithoutKey(this ILogger logger);

    [LoggerMessage(1703, LogLevel.Warning,
        "There is no key: webhooks and /health are served, every other call is refused. Set VELLARYS_API_KEY")]
    public static partial void ClosedWithoutKey(this ILogger logger);
}
