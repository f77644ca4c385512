using Microsoft.Extensions.Logging;

namespace Vellarys.Database.Pool;

internal static partial class Log
{
    [LoggerMessage(1610, LogLevel.Warning, "The connection pool is at {Status}: {Used} of {Size} are in use")]
    public static partial void PoolNearlyUsedUp(this ILogger logger, string status, int used, int size);

    [LoggerMessage(
        1612, LogLevel.Warning,
        "{Instances} instances hold {Connections} of the {Most} connections that the server takes; busiest: {Names}")]
    public static partial void ServerNearlyUsedUp(
        this ILogger logger, int instances, int connections, int most, string names);

    [LoggerMessage(1611, LogLevel.Information, "The connection pool has recovered: {Used} of {Size} are in use")]
    public static partial void PoolRecovered(this ILogger logger, int used, int size);
}
