using Microsoft.Extensions.DependencyInjection;
using Vellarys.Flows.Campaign.Planning;
using Vellarys.Jobs;
using Vellarys.Messaging;

namespace Vellarys.Flows.Campaign;

internal static class CampaignSetup
{
    public static IServiceCollection AddCampaigns(this IServiceCollection services)
    {
        services.AddSingleton<CampaignStore>();
        services.AddSingleton<IMessageHandler, RunCampaign>();
        services.AddSingleton<IJob, WatchCampaigns>();
        services.AddSingleton<CreateCampaign>();
        services.AddSingleton<PreviewCampaign>();
        services.AddSingleton<ListCampaigns>();
        services.AddSingleton<SteerCampaign>();
        services.AddSingleton<TestCampaign>();
        return services;
    }
}
