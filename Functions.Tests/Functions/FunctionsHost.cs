using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vellarys.Flows.Kernel;
using Vellarys.Functions;
using Vellarys.Functions.Flows;
using Vellarys.Functions.Http;

namespace Vellarys.Tests.Functions;

/// <summary>
/// Stands in for the Functions host: calls the app's own functions for requests, messages and activities. The durable
/// backend is in memory; the client library and everything behind the triggers is real.
/// </summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly WebApplication _app;
    private readonly FunctionsHost? _sharing;
    private DurableTaskTestHost? _durable;
    private FunctionsListener _listener = null!;

    private FunctionsHost(WebApplication app, FunctionsHost? sharing) => (_app, _sharing) = (app, sharing);

    public Uri Address => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    public DurableTaskClient Durable => _durable?.Client ?? _sharing!.Durable;

    public IReadOnlyCollection<Exception> Failures => _listener.Failures;

    /// <param name="settings">As the app's settings in Azure; <c>ServiceBus</c> says where the broker is.</param>
    /// <param name="port">Of the HTTP functions; 0 for one that is free.</param>
    /// <param name="also">What a test puts in the place of something.</param>
    /// <param name="last">What a test takes away or changes once all is registered.</param>
    /// <param name="sharing">Whose durable backend it uses; null for one of its own.</param>
    public static async Task<FunctionsHost> StartAsync(
        IReadOnlyDictionary<string, string?> settings, int port = 0, Action<IServiceCollection>? also = null,
        FunctionsHost? sharing = null, Action<IServiceCollection>? last = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, port));
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration["MIGRATE"] ??= "0";
        // A busy machine opens its connections slowly; that is no outage.
        builder.Configuration["DB_POOL_TIMEOUT"] ??= "60";
        also?.Invoke(builder.Services);
        builder.Services.AddVellarys(builder.Configuration);
        last?.Invoke(builder.Services);
        FunctionsHost host = new(builder.Build(), sharing);
        await host.StartAsync(settings["ServiceBus"]!);
        return host;
    }

    /// <summary>The function's own class, as the worker makes it.</summary>
    public object? Instance(MethodInfo function) => function.IsStatic
        ? null
        : ActivatorUtilities.CreateInstance(Services, function.DeclaringType!);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _listener.DisposeAsync();
        await _app.StopAsync();
        if (_durable is not null) await _durable.DisposeAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    private async Task StartAsync(string serviceBus)
    {
        HttpTriggers http = ActivatorUtilities.CreateInstance<HttpTriggers>(Services);
        _app.Run(async context =>
        {
            bool isWebhook = context.Request.Path.StartsWithSegments("/api/v1/webhooks");
            IResult result = await (isWebhook
                ? http.ReceiveWebhook(context.Request, _stop.Token)
                : http.ServeApi(context.Request, Durable, _stop.Token));
            await result.ExecuteAsync(context);
        });
        await _app.StartAsync();
        if (_sharing is null) _durable = await StartDurableAsync();
        _listener = await FunctionsListener.StartAsync(serviceBus, Instance, Durable);
    }

    private Task<DurableTaskTestHost> StartDurableAsync()
    {
        FlowActivities activities = ActivatorUtilities.CreateInstance<FlowActivities>(Services);
        return DurableBackend.StartAsync(registry =>
        {
            foreach ((string name, MethodInfo method) in Triggers.All.Where(IsOrchestrator))
            {
                var orchestrate = method.CreateDelegate<Func<TaskOrchestrationContext, Task>>();
                registry.AddOrchestratorFunc<FlowPlace>(name, (context, _) => orchestrate(context));
            }

            registry.AddActivityFunc<FlowPlace, FlowStanding>(
                nameof(FlowActivities.AdvanceFlow), (_, place) => activities.AdvanceFlow(place, _stop.Token));
        });
    }

    private static bool IsOrchestrator(KeyValuePair<string, MethodInfo> function) =>
        function.Value.GetParameters().Any(p => p.GetCustomAttribute<OrchestrationTriggerAttribute>() is not null);
}
