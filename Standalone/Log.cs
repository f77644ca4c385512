namespace Vellarys.Standalone;

internal static partial class Log
{
    [LoggerMessage(1900, LogLevel.Information, "Listening on {Address}")]
    public static partial void Listening(this ILogger logger, string address);

    [LoggerMessage(1901, LogLevel.Warning, "The database does not answer yet; trying on for a while: {Reason}")]
    public static partial void DatabaseNotYet(this ILogger logger, string reason);

    [LoggerMessage(1902, LogLevel.Debug, "Job {Job} done in {ElapsedMs} ms")]
    public static partial void JobDone(this ILogger logger, string job, long elapsedMs);

    [LoggerMessage(1903, LogLevel.Debug, "Job {Job} is running on another instance")]
    public static partial void JobElsewhere(this ILogger logger, string job);

    [LoggerMessage(1904, LogLevel.Error, "Job {Job} failed; it runs again at its next time")]
    public static partial void JobFailed(this ILogger logger, Exception exception, string job);

    [LoggerMessage(1905, LogLevel.Information, "Demo tenant {Tenant} is in place")]
    public static partial void DemoInPlace(this ILogger logger, Guid tenant);
}
