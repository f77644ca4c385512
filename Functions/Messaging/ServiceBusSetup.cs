using Azure.Core;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Messaging;

internal static class ServiceBusSetup
{
    private const string Connection = "ServiceBus";
    private const string Namespace = "ServiceBus:fullyQualifiedNamespace";

    /// <summary>
    /// The sending side. <c>ServiceBus</c> holds a connection string (the emulator, a desk), or
    /// <c>ServiceBus:fullyQualifiedNamespace</c> the namespace that the identity may use, as for the triggers.
    /// </summary>
    /// <exception cref="OptionsValidationException">Neither is set, or the string is none.</exception>
    public static IServiceCollection AddServiceBus(this IServiceCollection services, IConfiguration configuration)
    {
        Check(configuration);
        services.AddSingleton(provider => Client(configuration, provider.GetRequiredService<TokenCredential>()));
        services.AddSingleton<IBroker, ServiceBusBroker>();
        services.AddSingleton<IBrokerBacklog, ServiceBusBacklog>();
        return services;
    }

    private static ServiceBusClient Client(IConfiguration configuration, TokenCredential credential)
    {
        ServiceBusClientOptions options = new()
        {
            Identifier = "vellarys",
            // A provider waits for its 200: better refuse in time, and be asked again, than be late.
            RetryOptions = new() { MaxRetries = 2, TryTimeout = TimeSpan.FromSeconds(4) },
        };
        return configuration[Connection] is { Length: > 0 } connectionString
            ? new ServiceBusClient(connectionString, options)
            : new ServiceBusClient(configuration[Namespace], credential, options);
    }

    private static void Check(IConfiguration configuration)
    {
        if (configuration[Connection] is not { Length: > 0 } connectionString)
        {
            if (configuration[Namespace] is not { Length: > 0 } host)
                throw Mistake("ServiceBus, or ServiceBus__fullyQualifiedNamespace, must say where the queues are.");
            if (Uri.CheckHostName(host) == UriHostNameType.Dns) return;
            throw Mistake("ServiceBus__fullyQualifiedNamespace is no host: NAME.servicebus.windows.net.");
        }

        try
        {
            ServiceBusConnectionStringProperties found = ServiceBusConnectionStringProperties.Parse(connectionString);
            if (found.EntityPath is { Length: > 0 })
                throw Mistake("ServiceBus must lead to a namespace, not to one of its queues (EntityPath).");
            bool hasKey = found is { SharedAccessKeyName.Length: > 0, SharedAccessKey.Length: > 0 }
                or { SharedAccessSignature.Length: > 0 };
            if (found.Endpoint is null || !hasKey)
                throw Mistake("ServiceBus must have an Endpoint, a SharedAccessKeyName and a SharedAccessKey.");
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            // Not in the library's words: they quote from the string, and it holds a key.
            throw Mistake("ServiceBus is no connection string of Service Bus.");
        }
    }

    private static OptionsValidationException Mistake(string mistake) =>
        new("ServiceBus", typeof(ServiceBusClient), [mistake]);
}
