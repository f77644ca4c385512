using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vellarys.Flows.Kernel;
using Vellarys.Flows.Survey;
using Vellarys.Messaging;

namespace Vellarys.Flows;

/// <summary>Registers the kernel of the flows and every flow.</summary>
public static class FlowsSetup
{
    public static IServiceCollection AddFlows(this IServiceCollection services)
    {
        services.AddSingleton<FlowCatalog>();
        services.AddSingleton<AdvanceFlow>();
        services.AddSingleton<RecordFlowFault>();
        services.AddSingleton<StartFlow>();
        services.TryAddSingleton<SignalFlow>();
        services.AddSingleton<IMessageHandler, HandleFlowEvents>();
        services.AddSurvey();
        return services;
    }
}
