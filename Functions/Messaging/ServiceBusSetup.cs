using Azure.Core;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Messaging;

internal static class ServiceBusSetup
{
    /// <summary>
    /// The sending side. <c>ServiceBus</c> holds a connection string (the emulator, a desk), or
    /// <c>ServiceBus:fullyQualifiedNamespace</c> the namespace that the identity may use, as for the triggers.
    /// </summary>
    public static IServiceCollection AddServiceBus(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(provider => Client(configuration, provider.GetRequiredService<TokenCredential>()));
        services.AddSingleton<IBroker, ServiceBusBroker>();
        return services;
    }

    private static ServiceBusClient Client(IConfiguration configuration, TokenCredential credential)
    {
        ServiceBusClientOptions options = new()
        {
            Identifier = "vellarys",
            // A provider waits for its 200: better refuse in time, and be asked again, than be late.
            RetryOptions = new() { MaxRetries = 2, TryTimeout = TimeSpan.FromSeconds(5) },
        };
        if (configuration["ServiceBus"] is { Length: > 0 } connectionString)
            return new ServiceBusClient(connectionString, options);
        string name = configuration["ServiceBus:fullyQualifiedNamespace"] is { Length: > 0 } given
            ? given
            : throw new InvalidOperationException(
                "ServiceBus, or ServiceBus__fullyQualifiedNamespace, must say where the queues are.");
        return new ServiceBusClient(name, credential, options);
    }
}
