namespace Vellarys.Standalone;

internal static partial class Log
{
    [LoggerMessage(1900, LogLevel.Information, "Listening on {Address}")]
    public static partial void Listening(this ILogger logger, string address);

    [LoggerMessage(1901, LogLevel.Warning, "The database does not answer yet; trying on for a while: {Reason}")]
    public static partial void DatabaseNotYet(this ILogger logger, string reason);

    [LoggerMessage(1905, LogLevel.Information, "Demo tenant {Tenant} is in place")]
    public static partial void DemoInPlace(this ILogger logger, Guid tenant);
}
