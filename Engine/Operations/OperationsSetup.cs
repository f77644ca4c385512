using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vellarys.Assistant;
using Vellarys.Messaging;

namespace Vellarys.Operations;

/// <summary>Registers health and realtime events.</summary>
public static class OperationsSetup
{
    public static IServiceCollection AddOperations(this IServiceCollection services, IConfiguration configuration)
    {
        RealtimeOptions options = configuration.GetSection(RealtimeOptions.Section).Get<RealtimeOptions>() ?? new();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(configuration.GetSection(HealthOptions.Section).Get<HealthOptions>() ?? new());
        services.AddSingleton(new RealtimeHub());
        services.AddSingleton<ILocalRealtime>(provider => provider.GetRequiredService<RealtimeHub>());
        services.AddSingleton<IRealtime>(provider => provider.GetRequiredService<RealtimeHub>());
        services.AddSingleton<CheckHealth>();
        services.AddSingleton<OldestWaiting>();
        services.AddSingleton<IDependencyProbe, DatabaseProbe>();
        services.AddSingleton<IJob, ExtendMessagePartitions>();
        services.AddSingleton<IDependencyProbe, QueueProbe>();
        services.AddSingleton<IDependencyProbe>(provider => new ModelProbe(provider.GetService<IModelHealth>()));
        return services;
    }
}
