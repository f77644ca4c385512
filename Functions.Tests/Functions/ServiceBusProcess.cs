using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Functions.Messaging;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;
using Vellarys.Tests.Messaging;

namespace Vellarys.Tests.Functions;

/// <summary>A process as Service Bus sees it: a client, which receives as the Functions host does.</summary>
internal sealed class ServiceBusProcess(
    ServiceBusClient client, ServiceProvider services, IMessageHandler handler, int atOnce, Action dies)
    : IQueueProcess
{
    private readonly List<ServiceBusProcessor> _processors = [];
    private bool _isDead;

    public IMessageQueue Queue => services.GetRequiredService<IMessageQueue>();

    public async Task StartAsync()
    {
        HandleReceived handle = services.GetRequiredService<HandleReceived>();
        foreach (string entity in new[] { handler.Queue, BrokerMessage.UrgentEntity })
        {
            ServiceBusProcessor processor = client.CreateProcessor(entity, new ServiceBusProcessorOptions
            {
                AutoCompleteMessages = false,
                MaxConcurrentCalls = Math.Min(atOnce, 64),
                MaxAutoLockRenewalDuration = TimeSpan.FromMinutes(6),
            });
            processor.ProcessMessageAsync += args => handle.RunAsync(
                new ServiceBusReceived(ServiceBusReceived.Read(args.Message), args.Message, new ProcessorActions(args)),
                handler, args.CancellationToken);
            processor.ProcessErrorAsync += _ => Task.CompletedTask;
            _processors.Add(processor);
            await processor.StartProcessingAsync();
        }
    }

    public Task StopAsync() => Task.WhenAll(_processors.Select(p => p.StopProcessingAsync()));

    public async Task KillAsync()
    {
        _isDead = true;
        dies();
        // Not the processors: closing one waits for its handlers, which a dead process has none of.
        await client.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDead) return;
        foreach (ServiceBusProcessor processor in _processors) await processor.DisposeAsync();
        await client.DisposeAsync();
        await services.DisposeAsync();
    }
}
