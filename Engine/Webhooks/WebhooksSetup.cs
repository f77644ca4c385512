using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Vellarys.Http;
using Vellarys.Jobs;
using Vellarys.Messaging;
using Vellarys.Secrets;
using Vellarys.Webhooks.Endpoints;
using Vellarys.Webhooks.Upkeep;

namespace Vellarys.Webhooks;

/// <summary>Registers what tells tenants' own systems of what happened.</summary>
internal static class WebhooksSetup
{
    public static IServiceCollection AddOutboundWebhooks(
        this IServiceCollection services, IConfiguration configuration)
    {
        WebhookOptions options = WebhookOptions.Read(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ICrashPoints, NoCrashPoints>();
        services.AddSingleton(options);
        // The time limit of a call is its own.
        services.AddHttpClient(
                CallWebhook.HttpClientName, client => client.Timeout = System.Threading.Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => PublicAddress.Handler(options.AllowLocal))
            // What is called, and how it went, is in the books; addresses may hold what is nobody else's business.
            .RemoveAllLoggers();
        services.AddSingleton<CallWebhook>();
        services.AddSingleton<EndpointPlaces>();
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<ISealedSecrets>(s => s.GetRequiredService<WebhookSecrets>());
        services.AddSingleton<ReleaseDeliveries>();
        services.AddSingleton<FanOutEvent>();
        services.AddSingleton<DeliverWebhookStore>();
        services.AddSingleton<IMessageHandler, DeliverWebhook>();
        services.AddSingleton<IDeadLetterHook, BuryDelivery>();
        services.AddSingleton<IJob, PruneWebhooks>();
        services.AddSingleton<IJob, WatchWaiting>();
        services.AddSingleton<ListEndpoints>();
        services.AddSingleton<CreateEndpoint>();
        services.AddSingleton<ReplaceEndpoint>();
        services.AddSingleton<DeleteEndpoint>();
        services.AddSingleton<RotateSecret>();
        services.AddSingleton<TestEndpoint>();
        services.AddSingleton<ListWebhookDeliveries>();
        services.AddSingleton<ReplayEvents>();
        return services;
    }
}
