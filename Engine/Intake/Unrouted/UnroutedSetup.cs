using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Vellarys.Intake.Unrouted;

internal static class UnroutedSetup
{
    /// <summary>
    /// For whoever keeps such events, shows them or sends them on their way; once however often it is called.
    /// </summary>
    public static IServiceCollection AddUnrouted(this IServiceCollection services)
    {
        services.TryAddSingleton(new IntakeOptions());
        services.TryAddSingleton<UnroutedEvents>();
        services.TryAddSingleton<IUnroutedEvents>(provider => provider.GetRequiredService<UnroutedEvents>());
        services.TryAddSingleton<RouteUnrouted>();
        return services;
    }
}
