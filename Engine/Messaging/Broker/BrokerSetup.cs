using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Vellarys.Messaging.Broker;

/// <summary>Composes queues that live in a broker; PostgreSQL keeps the outbox and the dead letters.</summary>
public static class BrokerSetup
{
    /// <summary>
    /// In place of <see cref="MessagingSetup.AddQueueConsumers"/>. The host registers an <see cref="IBroker"/>, and
    /// calls <see cref="HandleReceived"/> for what it receives and <see cref="RelayOutbox"/> after other commits.
    /// </summary>
    public static IServiceCollection AddBrokerMessaging(
        this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMessaging(configuration);
        services.Replace(ServiceDescriptor.Singleton<IMessageQueue, BrokerQueue>());
        services.Replace(ServiceDescriptor.Singleton<IOutbox, BrokerOutbox>());
        services.AddSingleton<ILastSent, LocalLastSent>();
        services.AddSingleton<RelayOutbox>();
        services.AddSingleton<HandleReceived>();
        services.AddSingleton<KeepDeadLetter>();
        return services;
    }
}
