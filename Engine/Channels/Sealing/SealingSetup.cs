using Microsoft.Extensions.DependencyInjection;
using Vellarys.Health;
using Vellarys.Jobs;

namespace Vellarys.Channels.Sealing;

internal static class SealingSetup
{
    public static IServiceCollection AddSealing(this IServiceCollection services)
    {
        services.AddSingleton<IJob, SealSecrets>();
        services.AddSingleton<IDependencyProbe, SecretsProbe>();
        services.AddHostedService<SayIfPlain>();
        return services;
    }
}
