using Microsoft.Extensions.DependencyInjection;
using Vellarys.Jobs;

namespace Vellarys.Flows.Watch;

internal static class WatchSetup
{
    public static IServiceCollection AddFlowWatch(this IServiceCollection services)
    {
        services.AddSingleton<FindStuckFlows>();
        services.AddSingleton<ListFlows>();
        services.AddSingleton<ReadFlow>();
        services.AddSingleton<SteerFlow>();
        services.AddSingleton<CompareInstances>();
        services.AddSingleton<SteerInstance>();
        services.AddSingleton<WatchFlows>();
        services.AddSingleton<IJob>(s => s.GetRequiredService<WatchFlows>());
        return services;
    }
}
