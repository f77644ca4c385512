using Vellarys.Messaging.Postgres;

namespace Vellarys.Messaging.Broker;

/// <summary>
/// Sends to the broker without touching the database. Calls that arrive while others are under way share the next
/// sending.
/// </summary>
internal sealed class BrokerQueue : IMessageQueue
{
    private const int MaxCalls = 128;
    private const int Sendings = 4;
    private readonly Batcher<IReadOnlyList<QueueMessage>, bool> _calls;
    private readonly IBroker _broker;

    public BrokerQueue(IBroker broker)
    {
        _broker = broker;
        _calls = new(MaxCalls, Sendings, SendAllAsync, e => e is TransientFault);
    }

    public async Task SendAsync(IReadOnlyList<QueueMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count > 0) await _calls.AddAsync(QueueRows.Stamped(messages)).WaitAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<bool>> SendAllAsync(IReadOnlyList<IReadOnlyList<QueueMessage>> calls)
    {
        IEnumerable<IGrouping<string, BrokerMessage>> entities =
            calls.SelectMany(c => c).Select(m => new BrokerMessage(m)).GroupBy(m => m.Entity);
        await Task.WhenAll(entities.Select(e => _broker.SendAsync(e.Key, [.. e], CancellationToken.None)));
        return new bool[calls.Count];
    }
}
