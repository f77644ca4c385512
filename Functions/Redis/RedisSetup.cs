using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Vellarys.Assistant.Model;
using Vellarys.Caching;
using Vellarys.Health;
using Vellarys.Limits;
using Vellarys.Messaging.Broker;
using Vellarys.Realtime;

namespace Vellarys.Functions.Redis;

/// <summary>Puts Redis behind the ports through which instances share.</summary>
public static class RedisSetup
{
    /// <summary>
    /// To be called after the engine's slices, whose in-process implementations it replaces. Does nothing where section
    /// <c>Redis</c> names no server; throws when the settings make no sense.
    /// </summary>
    public static IServiceCollection AddRedis(this IServiceCollection services, IConfiguration configuration)
    {
        RedisOptions options = RedisOptions.Read(configuration);
        if (!options.IsWanted) return services;
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<RedisKeys>();
        services.AddSingleton<RedisMetrics>();
        if (options.ConnectionString.Length == 0)
        {
            services.TryAddSingleton<TokenCredential>(_ => new DefaultAzureCredential());
            services.TryAddSingleton(provider => EntraTokens.Of(provider.GetRequiredService<TokenCredential>()));
        }

        services.AddSingleton(provider => new RedisConnection(
            options, provider.GetRequiredService<RedisMetrics>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RedisConnection>>(), provider.GetService<RedisTokenSource>()));
        services.AddSingleton<RedisRealtime>();
        services.AddSingleton<RedisLook>();
        services.Replace(ServiceDescriptor.Singleton<ILimits, RedisLimits>());
        services.Replace(ServiceDescriptor.Singleton<ISharedCircuit, RedisCircuit>());
        services.Replace(ServiceDescriptor.Singleton<ICacheStore, RedisCacheStore>());
        services.Replace(ServiceDescriptor.Singleton<ILastSent, RedisLastSent>());
        services.Replace(ServiceDescriptor.Singleton<IRealtime>(s => s.GetRequiredService<RedisRealtime>()));
        services.AddSingleton<IDependencyProbe, RedisProbe>();
        // Realtime first: it wants to hear of the connection.
        services.AddHostedService(provider => provider.GetRequiredService<RedisRealtime>());
        services.AddHostedService(provider => provider.GetRequiredService<RedisConnection>());
        services.AddHostedService<RedisWatch>();
        return services;
    }
}
