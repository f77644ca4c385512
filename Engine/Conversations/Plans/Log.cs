using Microsoft.Extensions.Logging;

namespace Vellarys.Conversations.Plans;

internal static partial class Log
{
    [LoggerMessage(1140, LogLevel.Warning,
        "Tenant {Tenant}: its staff was told how far it is with its plan; used up: {Reached}")]
    public static partial void PlanStandingChanged(this ILogger<CountPlans> logger, TenantId tenant, string reached);
}
