using System.Collections.Concurrent;
using System.Reflection;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;

namespace Vellarys.Tests.Functions;

/// <summary>
/// Receives as the Functions host does, with a processor for each queue trigger and what <c>host.json</c> sets for
/// them, and calls the functions. One that throws has its message given back by the processor.
/// </summary>
internal sealed class FunctionsListener : IAsyncDisposable
{
    private readonly List<ServiceBusProcessor> _processors = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ServiceBusClient _client;
    private readonly Func<MethodInfo, object?> _instance;
    private readonly DurableTaskClient _durable;

    private FunctionsListener(
        ServiceBusClient client, Func<MethodInfo, object?> instance, DurableTaskClient durable) =>
        (_client, _instance, _durable) = (client, instance, durable);

    /// <param name="instance">An object of the function's class.</param>
    public static async Task<FunctionsListener> StartAsync(
        string connectionString, Func<MethodInfo, object?> instance, DurableTaskClient durable)
    {
        FunctionsListener listener = new(new ServiceBusClient(connectionString), instance, durable);
        foreach ((string entity, MethodInfo method) in Triggers.By<ServiceBusTriggerAttribute>(t => t.QueueName!))
            await listener.ListenAsync(entity, method);
        return listener;
    }

    /// <summary>What went wrong in functions or with the broker, as the host would log it.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (ServiceBusProcessor processor in _processors) await processor.DisposeAsync();
        await _client.DisposeAsync();
        _stop.Dispose();
    }

    private async Task ListenAsync(string entity, MethodInfo method)
    {
        IConfigurationSection set = HostJson.Root.GetSection("extensions:serviceBus");
        ServiceBusProcessor processor = _client.CreateProcessor(entity, new ServiceBusProcessorOptions
        {
            AutoCompleteMessages = false,
            MaxConcurrentCalls = set.GetValue<int>("maxConcurrentCalls"),
            PrefetchCount = set.GetValue<int>("prefetchCount"),
            MaxAutoLockRenewalDuration = set.GetValue<TimeSpan>("maxAutoLockRenewalDuration"),
        });
        object? instance = _instance(method);
        processor.ProcessMessageAsync += args => InvokeAsync(method, instance, args);
        processor.ProcessErrorAsync += args =>
        {
            Failures.Enqueue(args.Exception);
            return Task.CompletedTask;
        };
        _processors.Add(processor);
        await processor.StartProcessingAsync();
    }

    private Task InvokeAsync(MethodInfo method, object? instance, ProcessMessageEventArgs args)
    {
        ProcessorActions actions = new(args);
        object?[] arguments =
        [
            .. method.GetParameters().Select(object? (p) =>
                p.ParameterType == typeof(ServiceBusReceivedMessage) ? args.Message
                : p.ParameterType == typeof(ServiceBusMessageActions) ? actions
                : p.ParameterType == typeof(DurableTaskClient) ? _durable
                : _stop.Token),
        ];
        return (Task)method.Invoke(instance, arguments)!;
    }
}
