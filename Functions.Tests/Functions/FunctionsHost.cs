using System.Net;
using System.Reflection;
using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Vellarys.Flows.Kernel;
using Vellarys.Functions;
using Vellarys.Functions.Flows;
using Vellarys.Functions.Http;
using Vellarys.Tests.Messaging.Broker;

namespace Vellarys.Tests.Functions;

/// <summary>
/// Stands in for the Functions host: calls the app's own functions for requests, messages and activities. Transport and
/// durable backend are in memory; everything behind the triggers is real.
/// </summary>
internal sealed class FunctionsHost : IAsyncDisposable
{
    private const int CallsPerQueue = 16;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];
    private readonly WebApplication _app;
    private DurableTaskTestHost _durable = null!;

    private FunctionsHost(WebApplication app, InMemoryBroker broker) => (_app, Broker) = (app, broker);

    public InMemoryBroker Broker { get; }

    public Uri Address => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    public DurableTaskClient Durable => _durable.Client;

    public static async Task<FunctionsHost> StartAsync(Dictionary<string, string?> settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        settings["ServiceBus"] = "Endpoint=sb://nowhere/;SharedAccessKeyName=k;SharedAccessKey=c2VjcmV0";
        settings["MIGRATE"] = "0";
        builder.Configuration.AddInMemoryCollection(settings);
        InMemoryBroker broker = new();
        builder.Services.AddVellarys(builder.Configuration);
        builder.Services.Replace(ServiceDescriptor.Singleton<ServiceBusClient>(new FakeServiceBus(broker)));
        FunctionsHost host = new(builder.Build(), broker);
        await host.StartAsync();
        return host;
    }

    /// <summary>The function's own class, as the worker makes it.</summary>
    public object? Instance(MethodInfo function) => function.IsStatic
        ? null
        : ActivatorUtilities.CreateInstance(Services, function.DeclaringType!);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        await _app.StopAsync();
        await _durable.DisposeAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    private async Task StartAsync()
    {
        HttpTriggers http = ActivatorUtilities.CreateInstance<HttpTriggers>(Services);
        _app.Run(async context =>
        {
            bool isWebhook = context.Request.Path.StartsWithSegments("/api/v1/webhooks");
            IResult result = await (isWebhook ? http.ReceiveWebhook(context.Request) : http.ServeApi(context.Request));
            await result.ExecuteAsync(context);
        });
        await _app.StartAsync();
        FlowActivities activities = ActivatorUtilities.CreateInstance<FlowActivities>(Services);
        _durable = await DurableBackend.StartAsync(registry =>
        {
            foreach ((string name, MethodInfo method) in Triggers.All.Where(IsOrchestrator))
            {
                var orchestrate = method.CreateDelegate<Func<TaskOrchestrationContext, Task>>();
                registry.AddOrchestratorFunc<FlowPlace>(name, (context, _) => orchestrate(context));
            }

            registry.AddActivityFunc<FlowPlace, FlowStanding>(
                nameof(FlowActivities.AdvanceFlow), (_, place) => activities.AdvanceFlow(place, _stop.Token));
        });
        foreach ((string queue, MethodInfo method) in Triggers.By<ServiceBusTriggerAttribute>(t => t.QueueName!))
        {
            bool isForDead = queue.EndsWith("/$DeadLetterQueue", StringComparison.Ordinal);
            if (isForDead) continue;
            for (int i = 0; i < CallsPerQueue; i++) _loops.Add(Task.Run(() => ReceiveAsync(queue, method)));
        }

        _loops.Add(Task.Run(KeepDeadAsync));
    }

    private static bool IsOrchestrator(KeyValuePair<string, MethodInfo> function) =>
        function.Value.GetParameters().Any(p => p.GetCustomAttribute<OrchestrationTriggerAttribute>() is not null);

    private async Task ReceiveAsync(string queue, MethodInfo method)
    {
        object? instance = Instance(method);
        try
        {
            while (true)
            {
                InMemoryBroker.Item item = await Broker.ReceiveAsync(queue, _stop.Token);
                FakeServiceBus.Actions actions = new(Broker, queue, item);
                await InvokeAsync(method, instance, FakeServiceBus.Received(item), actions);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task KeepDeadAsync()
    {
        try
        {
            await foreach (InMemoryBroker.Dead dead in Broker.DeadLetters.Reader.ReadAllAsync(_stop.Token))
            {
                string queue = dead.Entity + "/$DeadLetterQueue";
                MethodInfo method = Triggers.By<ServiceBusTriggerAttribute>(t => t.QueueName!)[queue];
                FakeServiceBus.Actions actions = new(Broker, queue, dead.Item);
                await InvokeAsync(method, Instance(method), FakeServiceBus.Received(dead.Item, dead), actions);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private Task InvokeAsync(
        MethodInfo method, object? instance, ServiceBusReceivedMessage message, FakeServiceBus.Actions actions)
    {
        object?[] arguments =
        [
            .. method.GetParameters().Select(object? (p) =>
                p.ParameterType == typeof(ServiceBusReceivedMessage) ? message
                : p.ParameterType == typeof(ServiceBusMessageActions) ? actions
                : p.ParameterType == typeof(DurableTaskClient) ? Durable
                : _stop.Token),
        ];
        return (Task)method.Invoke(instance, arguments)!;
    }
}
