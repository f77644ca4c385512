using Microsoft.Extensions.Logging;

namespace Vellarys.Functions;

internal static partial class Log
{
    [LoggerMessage(9000, LogLevel.Error, "Message {Id} is none of ours or damaged ({Code})")]
    public static partial void ForeignMessage(this ILogger logger, string id, string code);

    [LoggerMessage(9001, LogLevel.Warning, "Dead letter {Id} could not be taken over yet ({Code})")]
    public static partial void DeadLetterStays(this ILogger logger, string id, string code);

    [LoggerMessage(9002, LogLevel.Warning, "{Setting} has no effect on Azure; set instead: {Instead}")]
    public static partial void SettingWithoutEffect(this ILogger logger, string setting, string instead);

    [LoggerMessage(9003, LogLevel.Warning,
        "Nobody has an account here yet. This link makes the first administrator, once, within a day: {Link}")]
    public static partial void SetupLink(this ILogger logger, string link);

    [LoggerMessage(9004, LogLevel.Warning, "Whether somebody has an account here cannot be told yet ({Code})")]
    public static partial void SetupLinkUnknown(this ILogger logger, string code);

    [LoggerMessage(9010, LogLevel.Information, "Flow {Instance} had no running instance and got one")]
    public static partial void FlowStarted(this ILogger logger, string instance);

    [LoggerMessage(9011, LogLevel.Warning, "Flow {Instance} stood still in state {Status}; its instance is replaced")]
    public static partial void FlowReplaced(this ILogger logger, string instance, string status);

    [LoggerMessage(9013, LogLevel.Error, "Flow {Instance} could not be given an instance ({Code})")]
    public static partial void FlowNotStarted(this ILogger logger, string instance, string code);

    [LoggerMessage(9012, LogLevel.Information, "Purged {Count} ended instances")]
    public static partial void FlowsPurged(this ILogger logger, int count);

    [LoggerMessage(9015, LogLevel.Warning,
        "Instance {Instance} in state {Status} was left over from a flow that is not open; it is told to look")]
    public static partial void FlowLeftOver(this ILogger logger, string instance, string status);

    [LoggerMessage(9014, LogLevel.Error, "This release has no orchestrator for flows of the kind {Kind}: {Count} wait")]
    public static partial void FlowKindUnknown(this ILogger logger, string kind, int count);
}
