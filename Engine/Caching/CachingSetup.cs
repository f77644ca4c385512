using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Vellarys.Caching;

/// <summary>Registers the cache; a host with several instances replaces <see cref="ICacheStore"/>.</summary>
internal static class CachingSetup
{
    /// <summary>May be called by every slice that remembers something.</summary>
    public static IServiceCollection AddCaching(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new MemoryCacheStore(provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ICacheStore>(provider => provider.GetRequiredService<MemoryCacheStore>());
        services.TryAddSingleton<CacheMetrics>();
        services.TryAddSingleton(provider => new Cache(
            provider.GetRequiredService<ICacheStore>(), provider.GetRequiredService<CacheMetrics>()));
        return services;
    }
}
