using Microsoft.Extensions.Logging;

namespace Vellarys.Database.Indexes;

internal static partial class Log
{
    [LoggerMessage(1620, LogLevel.Error, "Index {Index} of {Table} is {Kind}")]
    public static partial void IndexBroken(this ILogger logger, string index, string table, string kind);

    [LoggerMessage(1621, LogLevel.Warning, "Index {Index} was {Kind} and is rebuilt")]
    public static partial void IndexRebuilt(this ILogger logger, string index, string kind);

    [LoggerMessage(1622, LogLevel.Error, "Index {Index} could not be rebuilt; the next check tries again")]
    public static partial void IndexNotRebuilt(this ILogger logger, Exception exception, string index);

    [LoggerMessage(1623, LogLevel.Error, "Index {Index} needs the owner of the tables: {Statement}")]
    public static partial void IndexNeedsOwner(this ILogger logger, string index, string statement);

    [LoggerMessage(1624, LogLevel.Information, "{Count} indexes seen; never used: {Unused}; half empty: {Bloated}")]
    public static partial void IndexesSeen(this ILogger logger, int count, string unused, string bloated);
}
