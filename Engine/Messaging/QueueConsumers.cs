using Microsoft.Extensions.Hosting;
using Vellarys.Messaging.Postgres;
using Vellarys.Messaging.Postgres.Consuming;

namespace Vellarys.Messaging;

/// <summary>Runs one consumer for each registered <see cref="IMessageHandler"/> while the host runs.</summary>
public sealed class QueueConsumers : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<QueueConsumer> _consumers;
    private readonly LocalConsumers _local;
    private readonly QueueListener _listener;
    private readonly Housekeeping _housekeeping;
    private Task _sideLoops = Task.CompletedTask;

    internal QueueConsumers(
        IEnumerable<QueueConsumer> consumers, LocalConsumers local, QueueListener listener,
        Housekeeping housekeeping) =>
        (_consumers, _local, _listener, _housekeeping) = ([.. consumers], local, listener, housekeeping);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_consumers.Count == 0) return;
        Task listening = Task.Run(() => _listener.RunAsync(_stop.Token), CancellationToken.None);
        _sideLoops = listening;
        // Nothing is leased under a name that nobody knows: at a death in between it would have to run out.
        await Task.WhenAny(_listener.FirstTry, listening).WaitAsync(cancellationToken);
        // What a dead process held comes first: nothing that arrives from now on may overtake it.
        await _housekeeping.ReleaseAsync();
        foreach (QueueConsumer consumer in _consumers) _local.Add(consumer);
        foreach (QueueConsumer consumer in _consumers) consumer.Start();
        _sideLoops = Task.WhenAll(
            listening, Task.Run(() => _housekeeping.RunAsync(_stop.Token), CancellationToken.None));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(_consumers.Select(c => c.StopAsync()));
        // Last, because it is this process's sign of life and because the totals are final only now.
        await _stop.CancelAsync();
        await _sideLoops.WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        _stop.Dispose();
        foreach (QueueConsumer consumer in _consumers) consumer.Dispose();
    }
}
