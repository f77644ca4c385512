using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Functions.Messaging;
using Vellarys.Messaging;
using Vellarys.Messaging.Admin;
using Vellarys.Messaging.Broker;
using Vellarys.Storage;
using Vellarys.Tests.Messaging;
using Vellarys.Tests.Support;

namespace Vellarys.Tests.Functions;

/// <summary>
/// A real namespace, or the emulator, with the queues of <c>infra/local/servicebus.json</c>. The client library
/// receives in the Functions host's place. Queues are emptied before each test.
/// </summary>
internal sealed class ServiceBusTransport : IQueueTransport
{
    private readonly List<Process> _processes = [];
    private readonly ServiceBusClient _client;
    private readonly TestDatabase _database;
    private readonly NpgsqlDataSource _pool;
    private readonly ServiceProvider _services;

    private ServiceBusTransport(ServiceBusClient client, TestDatabase database)
    {
        (_client, _database) = (client, database);
        _pool = StorageSetup.AppSource(database.Options(), null);
        _services = Compose(null);
    }

    public IMessageQueue Sender => _services.GetRequiredService<IMessageQueue>();

    public static async Task<IQueueTransport> CreateAsync(string connectionString)
    {
        ServiceBusClient client = new(connectionString);
        foreach (string entity in new[] { Queues.MessageProcessing, BrokerMessage.UrgentEntity })
        {
            await EmptyAsync(client, entity, SubQueue.None);
            await EmptyAsync(client, entity, SubQueue.DeadLetter);
        }

        return new ServiceBusTransport(client, await TestDatabase.CreateAsync());
    }

    public async Task<IQueueProcess> StartAsync(
        string queue, QueueOptions options, Func<ReceivedMessage, CancellationToken, Task> handle)
    {
        Process process = new(_client, Compose(options), new Handler(queue, handle), options.MaxConcurrency);
        _processes.Add(process);
        await process.StartAsync();
        return process;
    }

    public async Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(string queue)
    {
        await using ServiceBusReceiver receiver = _client.CreateReceiver(
            queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        foreach (ServiceBusReceivedMessage dead in await receiver.ReceiveMessagesAsync(
            100, TimeSpan.FromMilliseconds(200)))
        {
            bool gaveUp = dead.DeadLetterReason is null or "MaxDeliveryCountExceeded";
            await _services.GetRequiredService<KeepDeadLetter>().RunAsync(
                ServiceBusReceived.Read(dead), gaveUp ? null : dead.DeadLetterReason,
                gaveUp ? null : dead.DeadLetterErrorDescription, dead.EnqueuedTime, default);
            await receiver.CompleteMessageAsync(dead);
        }

        return await _services.GetRequiredService<DeadLetters>().ListAsync(queue, null, null, 500, default);
    }

    public async Task<bool> RedriveAsync(Guid id)
    {
        bool found = await _services.GetRequiredService<DeadLetters>().RedriveAsync(id, default);
        await _services.GetRequiredService<RelayOutbox>().RunAsync(default);
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in _processes) await process.DisposeAsync();
        await _services.DisposeAsync();
        await _client.DisposeAsync();
        await _pool.DisposeAsync();
        await _database.DisposeAsync();
    }

    private ServiceProvider Compose(QueueOptions? options)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(_pool);
        services.AddSingleton<IBroker>(new ServiceBusBroker(_client));
        services.AddBrokerMessaging(QueueSettings.Of(options));
        return services.BuildServiceProvider();
    }

    private static async Task EmptyAsync(ServiceBusClient client, string entity, SubQueue part)
    {
        await using ServiceBusReceiver receiver = client.CreateReceiver(entity, new ServiceBusReceiverOptions
        {
            SubQueue = part, ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete,
        });
        while ((await receiver.ReceiveMessagesAsync(500, TimeSpan.FromSeconds(1))).Count > 0)
        {
            // What an earlier test left.
        }
    }

    private sealed class Process(
        ServiceBusClient client, ServiceProvider services, IMessageHandler handler, int atOnce) : IQueueProcess
    {
        private readonly ConcurrentBag<ServiceBusProcessor> _processors = [];
        private bool _isDead;

        public IMessageQueue Queue => services.GetRequiredService<IMessageQueue>();

        public async Task StartAsync()
        {
            foreach (string entity in new[] { handler.Queue, BrokerMessage.UrgentEntity })
            {
                ServiceBusProcessor processor = client.CreateProcessor(entity, new ServiceBusProcessorOptions
                {
                    AutoCompleteMessages = false,
                    MaxConcurrentCalls = Math.Min(atOnce, 64),
                    MaxAutoLockRenewalDuration = TimeSpan.FromMinutes(6),
                });
                processor.ProcessMessageAsync += args => services.GetRequiredService<HandleReceived>().RunAsync(
                    new Received(this, args), handler, args.CancellationToken);
                processor.ProcessErrorAsync += _ => Task.CompletedTask;
                _processors.Add(processor);
                await processor.StartProcessingAsync();
            }
        }

        public Task StopAsync() => Task.WhenAll(_processors.Select(p => p.StopProcessingAsync()));

        public async Task KillAsync()
        {
            _isDead = true;
            foreach (ServiceBusProcessor processor in _processors) await processor.CloseAsync();
        }

        public async ValueTask DisposeAsync()
        {
            foreach (ServiceBusProcessor processor in _processors) await processor.DisposeAsync();
            await services.DisposeAsync();
        }

        private sealed class Received(Process process, ProcessMessageEventArgs args) : ILockedMessage
        {
            public BrokerMessage Content { get; } = ServiceBusReceived.Read(args.Message);

            public Task CompleteAsync(CancellationToken cancellationToken) => process._isDead
                ? Task.CompletedTask
                : args.CompleteMessageAsync(args.Message, cancellationToken);

            public Task AbandonAsync(CancellationToken cancellationToken) =>
                args.AbandonMessageAsync(args.Message, null, cancellationToken);

            public Task DeadLetterAsync(
                string code, string reason, string history, CancellationToken cancellationToken) =>
                args.DeadLetterMessageAsync(
                    args.Message, new Dictionary<string, object> { [ServiceBusReceived.History] = history }, code,
                    reason, cancellationToken);
        }
    }
}
