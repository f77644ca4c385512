using Microsoft.Extensions.Logging;

namespace Vellarys.Assistant;

internal static partial class Log
{
    [LoggerMessage(1400, LogLevel.Warning, "The model's circuit opened; the offline assistant answers for {Rest}.")]
    public static partial void CircuitOpened(ILogger logger, TimeSpan rest);

    [LoggerMessage(1401, LogLevel.Information, "The model's circuit lets one probe through.")]
    public static partial void CircuitProbing(ILogger logger);

    [LoggerMessage(1402, LogLevel.Information, "The model's circuit closed.")]
    public static partial void CircuitClosed(ILogger logger);

    [LoggerMessage(1403, LogLevel.Warning, "Conversation {Conversation} answered offline: {Code} after {Calls} calls.")]
    public static partial void AnsweredOffline(ILogger logger, ConversationId conversation, string code, int calls);

    [LoggerMessage(1404, LogLevel.Warning, "Input of conversation {Conversation} blocked as {Attack}.")]
    public static partial void InputBlocked(ILogger logger, ConversationId conversation, string attack);

    [LoggerMessage(1405, LogLevel.Warning, "Answer of conversation {Conversation} withheld: {Reason}.")]
    public static partial void OutputWithheld(ILogger logger, ConversationId conversation, string reason);

    [LoggerMessage(1406, LogLevel.Warning, "{Count} passages of tenant {Tenant} dropped: they carry instructions.")]
    public static partial void PassagesDropped(ILogger logger, TenantId tenant, int count);

    [LoggerMessage(1407, LogLevel.Warning, "The quota of {Deployment} is used up: turns wait for a share of it.")]
    public static partial void DeploymentShort(ILogger logger, string deployment);

    [LoggerMessage(1408, LogLevel.Warning, "{Deployment} has had no quota for {Bound} or longer: answered offline.")]
    public static partial void DeploymentShortLasts(ILogger logger, string deployment, TimeSpan bound);

    [LoggerMessage(1409, LogLevel.Information, "The quota of {Deployment} suffices again.")]
    public static partial void DeploymentSuffices(ILogger logger, string deployment);

    [LoggerMessage(1410, LogLevel.Warning, "{Deployment}: {What}")]
    public static partial void Filtered(ILogger logger, string deployment, string what);
}
