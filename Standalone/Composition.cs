using Vellarys.Accounts;
using Vellarys.Api;
using Vellarys.Assistant;
using Vellarys.Caching;
using Vellarys.Channels;
using Vellarys.Conversations;
using Vellarys.Flows;
using Vellarys.Knowledge;
using Vellarys.Limits;
using Vellarys.Messaging;
using Vellarys.Operations;
using Vellarys.Standalone.Demo;
using Vellarys.Storage;

namespace Vellarys.Standalone;

/// <summary>What this host is made of.</summary>
internal static class Composition
{
    public static WebApplicationBuilder CreateBuilder()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // Settings come from the environment: no file to watch, whatever the current folder.
            ContentRootPath = AppContext.BaseDirectory,
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        builder.AddJsonLogs();
        builder.AddWebServer();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DatabaseStart>();
        builder.Services.AddSingleton<DemoTenant>();
        builder.Services.AddSingleton<DemoKnowledge>();
        return builder;
    }

    /// <summary>The engine, slice by slice.</summary>
    public static SettingsCheck AddEngine(this WebApplicationBuilder builder)
    {
        (IServiceCollection services, IConfiguration configuration) = (builder.Services, builder.Configuration);
        SettingsCheck settings = new();
        settings.Try(() => services.AddStorage(configuration));
        // DatabaseStart has done it before the host starts, with more patience.
        services.Configure<StorageOptions>(options => options.MigrateAtStart = false);
        settings.Try(() => services.AddMessaging(configuration));
        settings.Try(() => services.AddLimits(configuration));
        settings.Try(() => services.AddCaching());
        settings.Try(() => services.AddAccounts());
        settings.Try(() => services.AddChannels(configuration));
        settings.Try(() => services.AddKnowledge());
        settings.Try(() => services.AddAssistant(configuration));
        if (EnvironmentCrashPoints.Read(configuration[EnvironmentCrashPoints.Variable]) is { } crashPoints)
            services.AddSingleton(crashPoints);
        settings.Try(() => services.AddConversations());
        settings.Try(() => services.AddFlows());
        settings.Try(() => services.AddWebhooks());
        settings.Try(() => services.AddOperations(configuration));
        settings.Try(() => services.AddApi(configuration));
        return settings;
    }

    /// <summary>What runs by itself.</summary>
    public static void AddWorkers(this WebApplicationBuilder builder)
    {
        builder.Services.AddQueueConsumers();
        builder.Services.AddSingleton<JobLock>();
        builder.Services.AddHostedService<JobScheduler>();
        if (Telemetry.IsWanted(builder.Configuration)) builder.Services.AddHostedService<Telemetry>();
    }

    public static void MapEngine(this WebApplication app)
    {
        app.UseApi();
        app.MapWebhooks();
        app.MapApi();
    }
}
