using System.Threading.Channels;
using Vellarys.Messaging.Broker;

namespace Vellarys.Tests.Messaging.Broker;

/// <summary>
/// Stands in for Service Bus, which does not run here: peek-lock, delivery count, scheduling, duplicate detection, dead
/// letters. Messages travel as envelopes, as they would over the wire. Its locks end only when their holder does.
/// </summary>
internal sealed class InMemoryBroker : IBroker
{
    public const int MaxDeliveries = 10;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<Item>> _entities = [];
    private readonly HashSet<(string Entity, string Id)> _seen = [];
    private readonly List<TaskCompletionSource> _waiting = [];

    /// <summary>Refuses everything while set.</summary>
    public bool IsDown { get; set; }

    /// <summary>The one queue that refuses everything.</summary>
    public string? IsAway { get; set; }

    /// <summary>What is sent arrives when this ends.</summary>
    public Task Holds { get; set; } = Task.CompletedTask;

    /// <summary>The message that is too large for it.</summary>
    public Guid? Refuses { get; set; }

    public Channel<Dead> DeadLetters { get; } = Channel.CreateUnbounded<Dead>();

    public List<BrokerEnvelope> Sent { get; } = [];

    public async Task SendAsync(
        string entity, IReadOnlyList<BrokerMessage> messages, CancellationToken cancellationToken)
    {
        await Holds;
        if (IsDown || IsAway == entity) throw new TransientFault("broker_down", "The broker is away.");
        if (messages.Any(m => m.Message.Id == Refuses)) throw new PermanentFault("message_too_large", "Too large.");
        foreach (BrokerEnvelope envelope in messages.Select(BrokerEnvelope.Of)) Put(entity, envelope);
    }

    public void Put(string entity, BrokerEnvelope envelope)
    {
        lock (_gate)
        {
            if (!_seen.Add((entity, envelope.Id))) return;
            Sent.Add(envelope);
            Of(entity).Add(new Item(envelope));
        }

        Wake();
    }

    /// <summary>The next due message under a lock, when there is one.</summary>
    public async Task<Item> ReceiveAsync(string entity, CancellationToken cancellationToken)
    {
        while (true)
        {
            TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            TimeSpan wait = TimeSpan.FromHours(1);
            lock (_gate)
            {
                DateTimeOffset now = TimeProvider.System.GetUtcNow();
                Item? next = Of(entity).Where(i => !i.IsLocked).MinBy(i => i.Due);
                if (next is not null && next.Due <= now) return next.Lock();
                if (next is not null && next.Due - now < wait) wait = next.Due - now;
                _waiting.Add(changed);
            }

            using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(changed.Task, Task.Delay(wait, TimeProvider.System, ended.Token));
            await ended.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public void Complete(string entity, Item item)
    {
        lock (_gate) Of(entity).Remove(item);
    }

    /// <summary>Back to its queue, or to the dead letters when it came back too often.</summary>
    public void Abandon(string entity, Item item)
    {
        lock (_gate)
        {
            if (item.Deliveries < MaxDeliveries) item.Unlock();
            else if (Of(entity).Remove(item)) DeadLetters.Writer.TryWrite(new Dead(entity, item, null, null, null));
        }

        Wake();
    }

    public void Bury(string entity, Item item, string code, string reason, string history)
    {
        lock (_gate)
        {
            if (Of(entity).Remove(item)) DeadLetters.Writer.TryWrite(new Dead(entity, item, code, reason, history));
        }
    }

    private List<Item> Of(string entity) =>
        _entities.TryGetValue(entity, out List<Item>? items) ? items : _entities[entity] = [];

    private void Wake()
    {
        lock (_gate)
        {
            foreach (TaskCompletionSource waiting in _waiting) waiting.TrySetResult();
            _waiting.Clear();
        }
    }

    internal sealed record Dead(string Entity, Item Item, string? Code, string? Reason, string? History);

    internal sealed class Item(BrokerEnvelope envelope)
    {
        public BrokerEnvelope Envelope => envelope;

        public DateTimeOffset Due => envelope.NotBefore ?? DateTimeOffset.MinValue;

        public bool IsLocked { get; private set; }

        public int Deliveries { get; private set; }

        public Item Lock()
        {
            (IsLocked, Deliveries) = (true, Deliveries + 1);
            return this;
        }

        public void Unlock() => IsLocked = false;
    }
}
