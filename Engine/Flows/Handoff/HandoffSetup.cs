using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Flows.Handoff.Agents;
using Vellarys.Flows.Handoff.Dispatch;
using Vellarys.Flows.Kernel;
using Vellarys.Http;

namespace Vellarys.Flows.Handoff;

internal static class HandoffSetup
{
    /// <summary>True lets agents' webhooks be on this very machine.</summary>
    private const string LocalWebhooks = "Handoff:LocalWebhooks";

    public static IServiceCollection AddHandoff(this IServiceCollection services)
    {
        services.AddHttpClient(TellAgents.HttpClientName, client => client.Timeout = TimeSpan.FromSeconds(5))
            .ConfigurePrimaryHttpMessageHandler(s => PublicAddress.Handler(
                s.GetRequiredService<IConfiguration>().GetValue<bool>(LocalWebhooks)));
        services.AddSingleton<HandoffEffects>();
        services.AddSingleton<IFlow, HandoffKind>();
        services.AddSingleton<DispatchHandoffs>();
        services.AddSingleton<IFlowTask>(s => s.GetRequiredService<DispatchHandoffs>());
        services.AddSingleton<IFlowTask, TellAgents>();
        services.AddSingleton<AcceptHandoff>();
        services.AddSingleton<DeclineHandoff>();
        services.AddSingleton<TransferHandoff>();
        services.AddSingleton<ListWaiting>();
        return services;
    }
}
