using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Accounts;
using Vellarys.Assistant;
using Vellarys.Caching;
using Vellarys.Channels;
using Vellarys.Conversations;
using Vellarys.Flows;
using Vellarys.Health;
using Vellarys.Intake;
using Vellarys.Knowledge;
using Vellarys.Learning;
using Vellarys.Limits;
using Vellarys.Secrets;
using Vellarys.Storage;
using Vellarys.Webhooks;

namespace Vellarys.Api;

/// <summary>The engine, slice by slice: the same in every host.</summary>
public static class EngineSetup
{
    /// <summary>
    /// Registers everything that the engine does. The returned check holds what is wrong with the settings; finish it
    /// once the services are built.
    /// </summary>
    /// <param name="messaging">
    /// Registers the queues: <see cref="Messaging.MessagingSetup.AddMessaging"/>, or those of a broker.
    /// </param>
    public static SettingsCheck AddEngine(
        this IServiceCollection services, IConfiguration configuration,
        Action<IServiceCollection, IConfiguration> messaging)
    {
        SettingsCheck settings = new();
        settings.Try(() => services.AddStorage(configuration));
        settings.Try(() => messaging(services, configuration));
        settings.Try(() => services.AddLimits(configuration));
        settings.Try(() => services.AddCaching());
        settings.Try(() => services.AddSecrets(configuration));
        settings.Try(() => services.AddAccounts());
        settings.Try(() => services.AddChannels(configuration));
        settings.Try(() => services.AddKnowledge());
        settings.Try(() => services.AddAssistant(configuration));
        settings.Try(() => services.AddConversations(configuration));
        settings.Try(() => services.AddFlows());
        settings.Try(() => services.AddLearning(configuration));
        settings.Try(() => services.AddOutboundWebhooks(configuration));
        settings.Try(() => services.AddSingleton(IntakeOptions.Read(configuration)).AddWebhooks());
        settings.Try(() => services.AddOperations(configuration));
        settings.Try(() => services.AddApi(configuration));
        return settings;
    }

    /// <summary>The engine's HTTP surface; <paramref name="routes"/> belong to <paramref name="app"/>.</summary>
    public static void MapEngine(this IEndpointRouteBuilder routes, IApplicationBuilder app)
    {
        app.UseApi();
        routes.MapWebhooks();
        routes.MapApi();
    }
}
