using Vellarys.Messaging.Postgres.Sending;
using Vellarys.Storage;

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
    private readonly SendOrder _order;
    private readonly IBroker _broker;
    private readonly KeepDeadLetter _keep;
    private readonly TimeProvider _time;

    public BrokerQueue(IBroker broker, KeepDeadLetter keep, ILastSent last, TimeProvider time)
    {
        (_broker, _keep, _order, _time) = (broker, keep, new SendOrder(last), time);
        _calls = new(MaxCalls, Sendings, SendAllAsync, e => e is TransientFault);
    }

    public async Task SendAsync(IReadOnlyList<QueueMessage> messages, CancellationToken cancellationToken)
    {
        if (messages.Count == 0) return;
        IReadOnlyList<QueueMessage> ordered =
            await _order.FollowAsync(QueueRows.Stamped(messages), cancellationToken);
        await _calls.AddAsync(ordered).WaitAsync(cancellationToken);
        await _order.SentAsync(ordered);
    }

    private async Task<IReadOnlyList<bool>> SendAllAsync(IReadOnlyList<IReadOnlyList<QueueMessage>> calls)
    {
        IEnumerable<IGrouping<string, BrokerMessage>> entities =
            calls.SelectMany(c => c).Select(m => new BrokerMessage(m)).GroupBy(m => m.Entity);
        await Task.WhenAll(entities.Select(e => SendAsync(e.Key, [.. e])));
        return new bool[calls.Count];
    }

    // What the broker will never take goes where an operator finds it; its neighbours go their way.
    private async Task SendAsync(string entity, IReadOnlyList<BrokerMessage> messages)
    {
        try
        {
            await _broker.SendAsync(entity, messages, CancellationToken.None);
        }
        catch (PermanentFault) when (messages.Count > 1)
        {
            foreach (BrokerMessage message in messages) await SendAsync(entity, [message]);
        }
        catch (PermanentFault e)
        {
            await _keep.RunAsync(messages[0], e.Code, e.Message, _time.GetUtcNow(), CancellationToken.None);
        }
    }
}
