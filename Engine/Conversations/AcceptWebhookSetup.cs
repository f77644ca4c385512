using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Vellarys.Conversations;

/// <summary>
/// Registers the intake: what a host that only takes webhooks needs, besides channels and a queue. Goes with
/// <see cref="WebhookEndpoints.MapWebhooks"/>.
/// </summary>
public static class AcceptWebhookSetup
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton<AcceptWebhookMetrics>();
        services.AddSingleton<AcceptWebhookRouting>();
        services.TryAddSingleton<ICrashPoints, NoCrashPoints>();
        services.TryAddSingleton<IUnroutedEvents, UnroutedEvents>();
        services.AddSingleton<AcceptWebhook>();
        return services;
    }
}
