using Microsoft.Extensions.Logging;

namespace Vellarys.Messaging;

internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Information, "Consumer of {Queue} started, {MaxConcurrency} at once")]
    public static partial void ConsumerStarted(ILogger logger, string queue, int maxConcurrency);

    [LoggerMessage(1101, LogLevel.Information, "Consumer of {Queue} stopped, {Unfinished} handlers had not ended")]
    public static partial void ConsumerStopped(ILogger logger, string queue, int unfinished);

    [LoggerMessage(
        1102, LogLevel.Warning,
        "{Queue}: the database is out of reach while trying to {Work} ({Code}); trying again in {DelayMs} ms")]
    public static partial void Unreachable(ILogger logger, string queue, string work, string code, int delayMs);

    [LoggerMessage(
        1103, LogLevel.Warning,
        "{Queue}: message {Id} failed on attempt {Attempt} with {Code}; next try in {DelayMs} ms{Trace}")]
    public static partial void Failed(
        ILogger logger, string queue, Guid id, int attempt, string code, int delayMs, string trace);

    [LoggerMessage(
        1104, LogLevel.Error,
        "{Queue}: message {Id} is a dead letter after attempt {Attempt}: {Code}{Trace}")]
    public static partial void Died(ILogger logger, string queue, Guid id, int attempt, string code, string trace);

    [LoggerMessage(1105, LogLevel.Debug, "{Queue}: message {Id} deferred: {Reason}")]
    public static partial void Deferred(ILogger logger, string queue, Guid id, string reason);

    [LoggerMessage(
        1106, LogLevel.Warning,
        "{Queue}: message {Id} could not be settled while its lease lasted; it will come again")]
    public static partial void SettleGivenUp(ILogger logger, string queue, Guid id);

    [LoggerMessage(
        1107, LogLevel.Warning, "{Queue}: handler of message {Id} ran into its time limit and was cancelled")]
    public static partial void TimedOut(ILogger logger, string queue, Guid id);

    [LoggerMessage(
        1108, LogLevel.Error, "{Queue}: handler of message {Id} ignores its cancellation; its slot is given up")]
    public static partial void Stuck(ILogger logger, string queue, Guid id);

    [LoggerMessage(
        1109, LogLevel.Error,
        "{Queue}: what must follow the death of message {Id} failed ({Code}); a job finds it later")]
    public static partial void HookFailed(ILogger logger, string queue, Guid id, string code);

    [LoggerMessage(1110, LogLevel.Information, "Listening for other processes' messages")]
    public static partial void Listening(ILogger logger);

    [LoggerMessage(
        1111, LogLevel.Warning,
        "Lost the listening session ({Code}); trying again in {DelayMs} ms, until then by polling")]
    public static partial void ListenLost(ILogger logger, string code, int delayMs);

    [LoggerMessage(1112, LogLevel.Warning, "Released {Count} leases of {Consumers} dead processes")]
    public static partial void LeasesReleased(ILogger logger, int count, int consumers);

    [LoggerMessage(
        1113, LogLevel.Error,
        "{Queue}: the consumer met an error it does not know ({Code}); trying again in {DelayMs} ms")]
    public static partial void ConsumerError(
        ILogger logger, string queue, string code, int delayMs, Exception exception);

    [LoggerMessage(
        1120, LogLevel.Warning, "The outbox could not be relayed after a commit ({Code}); the job relays what is left")]
    public static partial void RelayLater(ILogger logger, string code);

    [LoggerMessage(
        1121, LogLevel.Warning, "{Queue}: the next copy of message {Id} was not taken ({Code}); this one comes again")]
    public static partial void SettleFailed(ILogger logger, string queue, Guid id, string code);

    [LoggerMessage(
        1122, LogLevel.Warning, "The gauges of the queues could not be read ({Code}); the next run reads them")]
    public static partial void GaugesNotRead(ILogger logger, string code);
}
