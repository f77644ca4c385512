using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Vellarys.Health;
using Vellarys.Http;
using Vellarys.Intake.Unrouted;
using Vellarys.Messaging;

namespace Vellarys.Intake;

/// <summary>
/// Registers the intake: what a host that only takes webhooks needs, besides channels and a queue. Goes with
/// <see cref="WebhookEndpoints.MapWebhooks"/>.
/// </summary>
internal static class AcceptWebhookSetup
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton(provider => new BodyBudget(
            provider.GetService<ApiOptions>() ?? new(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new IntakeBacklog(
            provider.GetRequiredService<IntakeOptions>(), provider.GetService<ITenantBacklog>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<IntakeBacklog>>()));
        services.AddSingleton<IDependencyProbe, IntakeProbe>();
        services.AddSingleton<AcceptWebhookMetrics>();
        services.AddSingleton<AcceptWebhookRouting>();
        services.TryAddSingleton<ICrashPoints, NoCrashPoints>();
        services.AddUnrouted();
        services.AddSingleton<AcceptWebhook>();
        return services;
    }
}
