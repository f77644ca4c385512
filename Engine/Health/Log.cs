using Microsoft.Extensions.Logging;

namespace Vellarys.Health;

internal static partial class Log
{
    [LoggerMessage(1600, LogLevel.Warning, "Health probe {Probe} failed")]
    public static partial void ProbeFailed(this ILogger logger, Exception exception, string probe);

    [LoggerMessage(1602, LogLevel.Debug, "Job {Job} done in {ElapsedMs} ms")]
    public static partial void JobDone(this ILogger logger, string job, long elapsedMs);

    [LoggerMessage(1603, LogLevel.Debug, "Job {Job} is running on another instance")]
    public static partial void JobElsewhere(this ILogger logger, string job);

    [LoggerMessage(1604, LogLevel.Error, "Job {Job} failed ({Code}); it runs again at its next time")]
    public static partial void JobFailed(this ILogger logger, Exception exception, string job, string code);

    [LoggerMessage(1605, LogLevel.Warning, "The run of job {Job} could not be put on record: {Code}")]
    public static partial void JobNotRecorded(this ILogger logger, string job, string code);
}
