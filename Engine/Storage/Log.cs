using Microsoft.Extensions.Logging;

namespace Vellarys.Storage;

internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Migration {Migration} applied in {DurationMs} ms")]
    public static partial void MigrationApplied(ILogger logger, string migration, long durationMs);

    [LoggerMessage(1001, LogLevel.Warning, "A statement took {DurationMs} ms: {Statement}")]
    public static partial void SlowQuery(ILogger logger, long durationMs, string statement);

    [LoggerMessage(1002, LogLevel.Warning, "Started without the database; its role is looked at once it is there")]
    public static partial void DatabaseAwayAtStart(ILogger logger);

    [LoggerMessage(1003, LogLevel.Critical, "{Reason} This process stops")]
    public static partial void UnsafeRole(ILogger logger, string reason);
}
