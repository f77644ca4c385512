using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Functions.Messaging;
using Vellarys.Messaging;
using Vellarys.Messaging.Admin;
using Vellarys.Messaging.Broker;
using Vellarys.Storage;
using Vellarys.Tests.Functions.Amqp;
using Vellarys.Tests.Messaging;
using Vellarys.Tests.Support;

namespace Vellarys.Tests.Functions;

/// <summary>
/// Service Bus as the client library sees it, with the queues of <c>infra/local/servicebus.json</c>: a broker for each
/// test, or one elsewhere, which is emptied before.
/// </summary>
internal sealed class ServiceBusTransport : IQueueTransport
{
    // Renewal has to find the time in it, on a machine that is busy.
    private static readonly TimeSpan ShortestLock = TimeSpan.FromSeconds(2);
    private readonly List<ServiceBusProcess> _processes = [];
    private readonly AmqpBroker? _broker;
    private readonly string _connectionString;
    private readonly ServiceBusClient _client;
    private readonly TestDatabase _database;
    private readonly NpgsqlDataSource _pool;
    private readonly ServiceProvider _services;

    private ServiceBusTransport(AmqpBroker? broker, string connectionString, TestDatabase database)
    {
        (_broker, _connectionString, _database) = (broker, connectionString, database);
        _client = new ServiceBusClient(connectionString);
        _pool = StorageSetup.AppSource(database.Options(), null);
        _services = Compose(_client, null);
    }

    public IMessageQueue Sender => _services.GetRequiredService<IMessageQueue>();

    /// <param name="elsewhere">A connection string; null for a broker of the test's own.</param>
    public static async Task<IQueueTransport> CreateAsync(string? elsewhere)
    {
        string[] entities = [Queues.MessageProcessing, BrokerMessage.UrgentEntity];
        TestDatabase database = await TestDatabase.CreateAsync();
        if (string.IsNullOrEmpty(elsewhere))
        {
            AmqpBroker broker = AmqpBroker.Start(entities);
            return new ServiceBusTransport(broker, broker.ConnectionString, database);
        }

        ServiceBusTransport transport = new(null, elsewhere, database);
        foreach (string entity in entities)
        {
            await transport.EmptyAsync(entity, SubQueue.None);
            await transport.EmptyAsync(entity, SubQueue.DeadLetter);
        }

        return transport;
    }

    public async Task<IQueueProcess> StartAsync(
        string queue, QueueOptions options, Func<ReceivedMessage, CancellationToken, Task> handle)
    {
        if (_broker?[queue] is { } entity)
            entity.LockDuration = options.LockDuration > ShortestLock ? options.LockDuration : ShortestLock;
        ServiceBusClient client = new(_connectionString);
        ServiceBusProcess process = new(
            client, Compose(client, options), new Handler(queue, handle), options.MaxConcurrency,
            // Elsewhere its locks run out in their time.
            () =>
            {
                if (_broker is not null) _broker[queue].LosesLocksWithLink = true;
            });
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
        foreach (ServiceBusProcess process in _processes) await process.DisposeAsync();
        await _services.DisposeAsync();
        await _client.DisposeAsync();
        _broker?.Dispose();
        await _pool.DisposeAsync();
        await _database.DisposeAsync();
    }

    private ServiceProvider Compose(ServiceBusClient client, QueueOptions? options)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(_pool);
        services.AddSingleton<IBroker>(new ServiceBusBroker(client, TimeProvider.System));
        services.AddBrokerMessaging(QueueSettings.Of(options));
        return services.BuildServiceProvider();
    }

    private async Task EmptyAsync(string entity, SubQueue part)
    {
        await using ServiceBusReceiver receiver = _client.CreateReceiver(entity, new ServiceBusReceiverOptions
        {
            SubQueue = part, ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete,
        });
        while ((await receiver.ReceiveMessagesAsync(500, TimeSpan.FromSeconds(1))).Count > 0)
        {
            // What an earlier test left.
        }
    }
}
