using System.Collections.Concurrent;
using Vellarys.Messaging.Postgres.Consuming;

namespace Vellarys.Messaging.Postgres;

/// <summary>
/// The consumers that run in this process: where senders find room and whom they wake without a round trip.
/// </summary>
internal sealed class LocalConsumers(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, QueueConsumer> _byQueue = new(StringComparer.Ordinal);

    /// <summary>This process in <c>queue_consumers</c> and in <c>queue_messages.locked_by</c>.</summary>
    public Guid Id { get; } = Ids.New(time);

    public IEnumerable<QueueConsumer> All => _byQueue.Values;

    public void Add(QueueConsumer consumer)
    {
        if (!_byQueue.TryAdd(consumer.Queue, consumer))
            throw new InvalidOperationException($"Two handlers serve the queue {consumer.Queue}.");
    }

    public void Remove(QueueConsumer consumer) => _byQueue.TryRemove(new(consumer.Queue, consumer));

    public QueueConsumer? Find(string queue) => _byQueue.GetValueOrDefault(queue);

    /// <summary>
    /// Room for up to <paramref name="wanted"/> messages that are about to be inserted; zero is normal.
    /// </summary>
    public Reservation Reserve(string queue, int wanted)
    {
        QueueConsumer? consumer = Find(queue);
        int count = consumer?.Reserve(wanted) ?? 0;
        return new(queue, count, Id, consumer?.LockDuration ?? TimeSpan.Zero, count == 0 ? null : consumer!.Release);
    }

    public void WakeAll()
    {
        foreach (QueueConsumer consumer in _byQueue.Values) consumer.Wake();
    }
}
