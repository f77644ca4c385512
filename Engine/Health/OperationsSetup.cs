using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Vellarys.Assistant.Model;
using Vellarys.Database;
using Vellarys.Jobs;
using Vellarys.Messaging;
using Vellarys.Messaging.Admin;
using Vellarys.Realtime;

namespace Vellarys.Health;

/// <summary>Registers health, jobs and realtime events.</summary>
internal static class OperationsSetup
{
    public static IServiceCollection AddOperations(this IServiceCollection services, IConfiguration configuration)
    {
        RealtimeOptions options = configuration.GetSection(RealtimeOptions.Section).Get<RealtimeOptions>() ?? new();
        string[] faults = [.. options.Faults()];
        if (faults.Length > 0)
            throw new OptionsValidationException(RealtimeOptions.Section, typeof(RealtimeOptions), faults);

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(HealthOptions.Read(configuration));
        services.AddSingleton(new RealtimeHub());
        services.AddSingleton<ILocalRealtime>(provider => provider.GetRequiredService<RealtimeHub>());
        services.AddSingleton<IRealtime>(provider => provider.GetRequiredService<RealtimeHub>());
        services.AddSingleton<CheckHealth>();
        services.AddSingleton<OldestWaiting>();
        services.AddSingleton<IDependencyProbe, DatabaseProbe>();
        services.AddSingleton<IDependencyProbe, QueueProbe>();
        services.AddSingleton<IDependencyProbe>(
            provider => new HandlersProbe(provider.GetService<StuckHandlers>()));
        services.AddSingleton<IDependencyProbe>(provider => new ModelProbe(provider.GetService<IModelHealth>()));
        services.AddJobs();
        return services;
    }
}
