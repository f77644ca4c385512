using Microsoft.Extensions.Logging;

namespace Vellarys.Storage;

internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Information, "Migration {Migration} applied in {DurationMs} ms")]
    public static partial void MigrationApplied(ILogger logger, string migration, long durationMs);

    [LoggerMessage(1001, LogLevel.Warning, "A statement took {DurationMs} ms: {Statement}")]
    public static partial void SlowQuery(ILogger logger, long durationMs, string statement);
}
