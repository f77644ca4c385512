using Microsoft.Extensions.DependencyInjection;
using Vellarys.Flows.Kernel;
using Vellarys.Jobs;

namespace Vellarys.Flows.Reengagement;

internal static class ReengagementSetup
{
    public static IServiceCollection AddReengagement(this IServiceCollection services)
    {
        services.AddSingleton<IFlow, ReengagementKind>();
        services.AddSingleton<IJob, ScanReengagement>();
        return services;
    }
}
