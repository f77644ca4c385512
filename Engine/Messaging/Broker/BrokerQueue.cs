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
    private readonly Batcher<IReadOnlyList<QueueMessage>, IReadOnlyList<QueueMessage>> _calls;
    private readonly SendTurns _turns = new();
    private readonly SendOrder _order;
    private readonly IBroker _broker;
    private readonly KeepDeadLetter _keep;
    private readonly TimeProvider _time;

    public BrokerQueue(IBroker broker, KeepDeadLetter keep, ILastSent last, TimeProvider time)
    {
        (_broker, _keep, _order, _time) = (broker, keep, new SendOrder(last, time), time);
        _calls = new(MaxCalls, Sendings, SendAllAsync, e => e is TransientFault);
    }

    // Whoever asked may go away: what the broker took meanwhile is followed all the same.
    public Task SendAsync(IReadOnlyList<QueueMessage> messages, CancellationToken cancellationToken) =>
        messages.Count == 0
            ? Task.CompletedTask
            : SendInOrderAsync(QueueRows.Stamped(messages)).WaitAsync(cancellationToken);

    private async Task SendInOrderAsync(IReadOnlyList<QueueMessage> messages)
    {
        using IDisposable turn = await _turns.TakeAsync(messages);
        OrderedMessages ordered = await _order.FollowAsync(messages, CancellationToken.None);
        IReadOnlyList<QueueMessage> sent = await _calls.AddAsync(ordered.Messages);
        await _order.SentAsync(ordered, sent);
    }

    // What was sent of each call, as it was sent.
    private async Task<IReadOnlyList<IReadOnlyList<QueueMessage>>> SendAllAsync(
        IReadOnlyList<IReadOnlyList<QueueMessage>> calls)
    {
        IEnumerable<IGrouping<string, BrokerMessage>> entities =
            calls.SelectMany(c => c).Select(m => new BrokerMessage(m)).GroupBy(m => m.Entity);
        IReadOnlyList<QueueMessage>[] sent =
            await Task.WhenAll(entities.Select(e => SendAsync(e.Key, [.. e])));
        Dictionary<Guid, QueueMessage> byId = [];
        foreach (QueueMessage message in sent.SelectMany(s => s)) byId[message.Id] = message;
        return [.. calls.Select(call => Sent(call, byId))];
    }

    private static IReadOnlyList<QueueMessage> Sent(
        IReadOnlyList<QueueMessage> call, Dictionary<Guid, QueueMessage> byId) =>
        [.. call.Where(m => byId.ContainsKey(m.Id)).Select(m => byId[m.Id])];

    private async Task<IReadOnlyList<QueueMessage>> SendAsync(string entity, IReadOnlyList<BrokerMessage> messages)
    {
        try
        {
            await _broker.SendAsync(entity, messages, CancellationToken.None);
            return [.. messages.Select(m => m.Message)];
        }
        catch (PermanentFault) when (messages.Count > 1)
        {
            return await SendEachAsync(entity, messages);
        }
        catch (PermanentFault e)
        {
            await _keep.RunAsync(messages[0], e.Code, e.Message, _time.GetUtcNow(), CancellationToken.None);
            return [];
        }
    }

    // What the broker will never take goes where an operator finds it; its neighbours go their way.
    private async Task<IReadOnlyList<QueueMessage>> SendEachAsync(
        string entity, IReadOnlyList<BrokerMessage> messages)
    {
        List<QueueMessage> sent = [];
        List<QueueMessage> refused = [];
        foreach (BrokerMessage message in messages)
        {
            QueueMessage next = SendOrder.Past(refused, message.Message);
            IReadOnlyList<QueueMessage> taken = await SendAsync(entity, [message with { Message = next }]);
            if (taken.Count > 0) sent.Add(next);
            else refused.Add(next);
        }

        return sent;
    }
}
