using Microsoft.Extensions.DependencyInjection;
using Vellarys.Flows.Kernel;

namespace Vellarys.Flows.Scheduled;

internal static class ScheduledSetup
{
    public static IServiceCollection AddScheduled(this IServiceCollection services)
    {
        services.AddSingleton<ScheduledMessages>();
        services.AddSingleton<IFlowTask, SendScheduled>();
        return services;
    }
}
