using Npgsql;
using Vellarys.Messaging;
using Vellarys.Messaging.Admin;
using Vellarys.Messaging.Broker;
using Vellarys.Storage;
using Vellarys.Tests.Support;

namespace Vellarys.Tests.Messaging.Broker;

internal sealed class BrokerTransport : IQueueTransport
{
    private readonly List<BrokerProcess> _processes = [];
    private readonly TestDatabase _database;
    private readonly NpgsqlDataSource _pool;
    private readonly BrokerProcess _sender;
    private readonly Task _keeping;

    private BrokerTransport(TestDatabase database)
    {
        _database = database;
        _pool = StorageSetup.AppSource(database.Options(), null);
        _sender = Start();
        _keeping = KeepDeadLettersAsync();
    }

    public InMemoryBroker Broker { get; } = new();

    public NpgsqlDataSource Pool => _pool;

    public IMessageQueue Sender => _sender.Queue;

    public static async Task<BrokerTransport> CreateAsync() => new(await TestDatabase.CreateAsync());

    public BrokerProcess Start(QueueOptions? options = null, IMessageHandler? handler = null)
    {
        BrokerProcess process = new(_pool, Broker, options, handler);
        _processes.Add(process);
        return process;
    }

    public Task<IQueueProcess> StartAsync(
        string queue, QueueOptions options, Func<ReceivedMessage, CancellationToken, Task> handle) =>
        Task.FromResult<IQueueProcess>(Start(options, new Handler(queue, handle)));

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(string queue) =>
        _sender.Get<DeadLetters>().ListAsync(queue, null, null, 500, default);

    public async Task<bool> RedriveAsync(Guid id)
    {
        bool found = await _sender.Get<DeadLetters>().RedriveAsync(id, default);
        await _sender.Get<RelayOutbox>().RunAsync(default);
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (BrokerProcess process in _processes) await process.DisposeAsync();
        Broker.DeadLetters.Writer.TryComplete();
        await _keeping;
        await _pool.DisposeAsync();
        await _database.DisposeAsync();
    }

    // As the host's trigger on the dead letters does.
    private async Task KeepDeadLettersAsync()
    {
        await foreach (InMemoryBroker.Dead dead in Broker.DeadLetters.Reader.ReadAllAsync())
        {
            BrokerEnvelope envelope = dead.Item.Envelope;
            BrokerMessage message = BrokerEnvelope.Read(envelope.Body, envelope.Subject, envelope.Properties);
            await _sender.Get<KeepDeadLetter>().RunAsync(
                message with { History = dead.History ?? message.History }, dead.Code, dead.Reason,
                TimeProvider.System.GetUtcNow(), default);
        }
    }
}
