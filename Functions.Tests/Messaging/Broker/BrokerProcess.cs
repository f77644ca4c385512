using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;

namespace Vellarys.Tests.Messaging.Broker;

/// <summary>
/// A host that receives from the stand-in as the Functions host does: so many at once for each queue, and the urgent
/// ones beside them.
/// </summary>
internal sealed class BrokerProcess : IQueueProcess
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<InMemoryBroker.Item, string> _held = new();
    private readonly ServiceProvider _services;
    private readonly InMemoryBroker _broker;
    private readonly IMessageHandler? _handler;
    private readonly List<Task> _loops = [];
    private bool _isDead;
    private bool _isDisposed;

    public BrokerProcess(
        NpgsqlDataSource database, InMemoryBroker broker, QueueOptions? options = null, IMessageHandler? handler = null)
    {
        (_broker, _handler) = (broker, handler);
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton(database);
        services.AddSingleton<IBroker>(broker);
        services.AddBrokerMessaging(QueueSettings.Of(options));
        _services = services.BuildServiceProvider();
        if (handler is null) return;
        int atOnce = options?.MaxConcurrency ?? 64;
        for (int i = 0; i < atOnce; i++) _loops.Add(Task.Run(() => ReceiveAsync(handler.Queue)));
        _loops.Add(Task.Run(() => ReceiveAsync(BrokerMessage.UrgentEntity)));
    }

    public IMessageQueue Queue => _services.GetRequiredService<IMessageQueue>();

    public IServiceProvider Services => _services;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
    }

    public async Task KillAsync()
    {
        _isDead = true;
        await _stop.CancelAsync();
        foreach ((InMemoryBroker.Item item, string entity) in _held) _broker.Abandon(entity, item);
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (!_isDead) await StopAsync();
        await _services.DisposeAsync();
        _stop.Dispose();
    }

    private async Task ReceiveAsync(string entity)
    {
        HandleReceived handle = Get<HandleReceived>();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                InMemoryBroker.Item item = await _broker.ReceiveAsync(entity, _stop.Token);
                _held[item] = entity;
                await handle.RunAsync(new Received(this, entity, item), _handler!, CancellationToken.None);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void Settle(string entity, InMemoryBroker.Item item, Action settle)
    {
        if (!_isDead && _held.TryRemove(new(item, entity))) settle();
    }

    private sealed class Received(BrokerProcess process, string entity, InMemoryBroker.Item item) : ILockedMessage
    {
        public BrokerMessage Content { get; } = BrokerEnvelope.Read(
            item.Envelope.Body, item.Envelope.Subject, item.Envelope.Properties);

        public Task CompleteAsync(CancellationToken cancellationToken)
        {
            process.Settle(entity, item, () => process._broker.Complete(entity, item));
            return Task.CompletedTask;
        }

        public Task AbandonAsync(CancellationToken cancellationToken)
        {
            process.Settle(entity, item, () => process._broker.Abandon(entity, item));
            return Task.CompletedTask;
        }

        public Task DeadLetterAsync(string code, string reason, string history, CancellationToken cancellationToken)
        {
            process.Settle(entity, item, () => process._broker.Bury(entity, item, code, reason, history));
            return Task.CompletedTask;
        }
    }
}
