using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Vellarys.Limits;

/// <summary>Registers the limits; a host with several instances replaces <see cref="ILimits"/>.</summary>
internal static class LimitsSetup
{
    /// <summary>Throws when the settings make no sense.</summary>
    public static IServiceCollection AddLimits(this IServiceCollection services, IConfiguration configuration)
    {
        LimitsOptions options = LimitsOptions.Read(configuration);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<LimitMetrics>();
        services.AddSingleton<LocalLimits>();
        services.AddSingleton<ILimits>(provider => provider.GetRequiredService<LocalLimits>());
        return services;
    }
}
