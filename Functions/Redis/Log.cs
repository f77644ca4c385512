using Microsoft.Extensions.Logging;

namespace Vellarys.Functions.Redis;

internal static partial class Log
{
    [LoggerMessage(2200, LogLevel.Information, "Redis is connected: instances share limits, cache and events")]
    public static partial void Connected(ILogger logger);

    [LoggerMessage(2201, LogLevel.Warning,
        "Redis is away ({Reason}): this instance goes on with its share of the limits, nothing is lost")]
    public static partial void Away(ILogger logger, string reason);

    [LoggerMessage(2202, LogLevel.Information, "Redis is back")]
    public static partial void Back(ILogger logger);

    [LoggerMessage(2203, LogLevel.Information, "Signed in to Redis anew")]
    public static partial void SignedIn(ILogger logger);

    [LoggerMessage(2205, LogLevel.Warning,
        "Redis' eviction policy is {Policy}: once its memory is full it refuses writes, and instances go on by "
        + "themselves. Set maxmemory-policy to allkeys-lru")]
    public static partial void EvictsNothing(ILogger logger, string policy);

    [LoggerMessage(2204, LogLevel.Warning, "Signing in to Redis anew failed ({Reason}); tried again in half a minute")]
    public static partial void SignInFailed(ILogger logger, string reason);
}
