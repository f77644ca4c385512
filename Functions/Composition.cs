using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Vellarys.Api;
using Vellarys.Flows.Kernel;
using Vellarys.Flows.Watch;
using Vellarys.Functions.Flows;
using Vellarys.Functions.Http;
using Vellarys.Functions.Identity;
using Vellarys.Functions.Media;
using Vellarys.Functions.Messaging;
using Vellarys.Functions.Model;
using Vellarys.Functions.Redis;
using Vellarys.Jobs;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;
using Vellarys.Storage;

namespace Vellarys.Functions;

/// <summary>What this host is made of.</summary>
public static class Composition
{
    /// <summary>The engine, and what Azure puts in the place of its ports.</summary>
    public static SettingsCheck AddVellarys(this IServiceCollection services, IConfiguration configuration)
    {
        // The platform's front end ends a request after 230 s; a stream that ends in order before is taken up again.
        configuration["Realtime:MaxDuration"] ??= "00:03:20";
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new FlowWaking(ByHost: true));
        services.AddHostIdentity(configuration).AddAzureModel(configuration).AddBlobStore(configuration);
        SettingsCheck settings = services.AddEngine(
            configuration, (all, from) => all.AddBrokerMessaging(from));
        // A deployment migrates in a step of its own; a run on a desk does it here.
        bool isOnADesk = configuration["AZURE_FUNCTIONS_ENVIRONMENT"] == "Development";
        bool migrates = StorageOptions.Migrates(configuration) ?? isOnADesk;
        services.Configure<StorageOptions>(options => options.MigrateAtStart = migrates);
        services.AddSingleton<EnginePipeline>();
        services.AddSingleton<QueuePlaces>();
        services.AddHostedService<SettingsWithoutEffect>();
        services.AddHostedService<OfferSetupLink>();
        services.AddSingleton<ReceiveMessages>();
        services.AddSingleton(FlowKinds.OfThisRelease);
        services.AddSingleton<FlowInstances>();
        services.AddSingleton<FlowClient>();
        services.AddSingleton<IFlowInstances, OperateInstances>();
        services.AddSingleton<OutboxMetrics>();
        services.AddSingleton<IJob, RelayLeftovers>();
        services.AddSingleton<IJob, ReconcileFlows>();
        services.AddSingleton<IJob, PurgeFlowInstances>();
        settings.Try(() => services.AddServiceBus(configuration));
        settings.Try(() => HostLimits.Require(configuration));
        settings.Try(() => services.AddRedis(configuration));
        settings.Try(() => AzureModelSetup.RequireApiVersion(configuration));
        settings.Try(() => RequireKey(configuration));
        settings.Try(() => VaultReferences.RequireResolved(configuration));
        if (!isOnADesk) settings.Try(RequireServiceBusExtension);
        settings.Try(() => services.AddTelemetry(configuration));
        return settings;
    }

    // The Functions host forwards to this worker, in Azure and under func start: every caller comes from this machine,
    // and the headers that tell otherwise are gone by the time the engine looks. The rule for calls without a key would
    // hold nobody off, so it is not to be had here.
    private static void RequireKey(IConfiguration configuration)
    {
        string? key = configuration["VELLARYS_API_KEY"] ?? configuration["Api:Key"];
        if (!string.IsNullOrEmpty(key)) return;
        const string mistake = "VELLARYS_API_KEY must be set, 16 characters or more (locally in local.settings.json, "
            + "e.g. the output of: openssl rand -hex 24): without one, nobody is told from this machine.";
        throw new OptionsValidationException("Api", typeof(IConfiguration), [mistake]);
    }

    private static void RequireServiceBusExtension()
    {
#if SERVICEBUS_STAND_IN
        const string mistake =
            "This was built with ServiceBusExtension=false: without the Service Bus extension nothing comes in.";
        throw new OptionsValidationException("ServiceBus", typeof(IConfiguration), [mistake]);
#endif
    }

    /// <summary>
    /// The container is not validated as it is built, as it would be on a desk: a slice with a wrong setting is missing
    /// from it, and that mistake is to be read, not what follows from it.
    /// </summary>
    public static void LeaveSettingsToTheirCheck(this FunctionsApplicationBuilder builder) =>
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions
        {
            ValidateScopes = builder.Environment.IsDevelopment(),
        }));

    /// <summary>What the host shows of this worker: our own words, and what went wrong elsewhere.</summary>
    public static void AddLogs(this FunctionsApplicationBuilder builder)
    {
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("Vellarys", LogLevel.Information);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
    }
}
