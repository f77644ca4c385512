using Vellarys.Messaging;
using Vellarys.Messaging.Admin;
using Vellarys.Tests.Support;

namespace Vellarys.Tests.Messaging;

internal sealed class PostgresTransport : IQueueTransport
{
    private readonly List<PostgresProcess> _processes = [];
    private TestDatabase _database = null!;
    private PostgresProcess _sender = null!;

    public IMessageQueue Sender => _sender.Queue;

    public TestDatabase Database => _database;

    public static async Task<PostgresTransport> CreateAsync()
    {
        PostgresTransport transport = new() { _database = await TestDatabase.CreateAsync() };
        transport._sender = await transport.StartAsync(null, 4);
        return transport;
    }

    public async Task<PostgresProcess> StartAsync(
        QueueOptions? options, int poolSize, params IMessageHandler[] handlers)
    {
        PostgresProcess process = await PostgresProcess.StartAsync(_database.Options(), options, poolSize, handlers);
        _processes.Add(process);
        return process;
    }

    public async Task<IQueueProcess> StartAsync(
        string queue, QueueOptions options, Func<ReceivedMessage, CancellationToken, Task> handle) =>
        await StartAsync(options, 10, new Handler(queue, handle));

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(string queue) =>
        _sender.DeadLetters.ListAsync(queue, null, null, 500, default);

    public Task<bool> RedriveAsync(Guid id) => _sender.DeadLetters.RedriveAsync(id, default);

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_processes.Select(p => p.DisposeAsync().AsTask()));
        await _database.DisposeAsync();
    }
}
