using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Vellarys.Flows.Campaign;
using Vellarys.Flows.Handoff;
using Vellarys.Flows.Kernel;
using Vellarys.Flows.Reengagement;
using Vellarys.Flows.Scheduled;
using Vellarys.Flows.Survey;
using Vellarys.Flows.Watch;
using Vellarys.Messaging;

namespace Vellarys.Flows;

/// <summary>Registers the kernel, its runner on the queue, and every flow.</summary>
internal static class FlowsSetup
{
    public static IServiceCollection AddFlows(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<FlowMetrics>();
        services.AddSingleton<FlowCatalog>();
        services.AddSingleton<AdvanceFlow>();
        services.AddSingleton<StartFlow>();
        services.TryAddSingleton<SignalFlow>();
        services.AddSingleton<RecordFlowFault>();
        services.AddSingleton<IMessageHandler, HandleFlowEvents>();
        services.TryAddSingleton(new FlowWaking(ByHost: false));
        services.AddSingleton<ListOpenFlows>();
        services.AddSingleton(s => new RunFlow(
            s.GetRequiredService<AdvanceFlow>(), s.GetRequiredService<RecordFlowFault>()));
        services.AddSingleton(s => new RouteFlowWakeUp(
            s.GetRequiredService<NpgsqlDataSource>(), s.GetServices<IFlowTask>()));
        services.AddHandoff();
        services.AddReengagement();
        services.AddSurvey();
        services.AddCampaigns();
        services.AddScheduled();
        services.AddFlowWatch();
        return services;
    }
}
