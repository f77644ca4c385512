using Vellarys.Api;
using Vellarys.Standalone.Demo;
using Vellarys.Storage;
using Vellarys.Messaging;

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
        // The settings check says what is wrong with them, in words: the container would be first on a desk.
        builder.Host.UseDefaultServiceProvider((context, options) =>
        {
            options.ValidateOnBuild = false;
            options.ValidateScopes = context.HostingEnvironment.IsDevelopment();
        });
        builder.AddLogs();
        builder.AddWebServer();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DatabaseStart>();
        builder.Services.AddSingleton<DemoTenant>();
        builder.Services.AddSingleton<DemoKnowledge>();
        return builder;
    }

    public static SettingsCheck AddEngine(this WebApplicationBuilder builder)
    {
        if (EnvironmentCrashPoints.Read(builder.Configuration[EnvironmentCrashPoints.Variable]) is { } crashPoints)
            builder.Services.AddSingleton(crashPoints);
        SettingsCheck settings = builder.Services.AddEngine(
            builder.Configuration, (services, configuration) => services.AddMessaging(configuration));
        // DatabaseStart has done it before the host starts, with more patience.
        builder.Services.Configure<StorageOptions>(options => options.MigrateAtStart = false);
        return settings;
    }

    /// <summary>What runs by itself.</summary>
    public static void AddWorkers(this WebApplicationBuilder builder)
    {
        builder.Services.AddQueueConsumers();
        builder.Services.AddHostedService<JobScheduler>();
        if (Telemetry.IsWanted(builder.Configuration)) builder.Services.AddHostedService<Telemetry>();
    }
}
