using Microsoft.Azure.Amqp;

namespace Vellarys.Tests.Functions.Amqp;

/// <summary>
/// One entity: peek-lock, scheduling, duplicate detection, delivery count, time to live, dead letters.
/// </summary>
internal sealed class AmqpQueue : IDisposable
{
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, StoredMessage> _ready = [];
    private readonly Dictionary<Guid, StoredMessage> _locked = [];
    private readonly PriorityQueue<Guid, DateTimeOffset> _ends = new();
    private readonly Dictionary<long, StoredMessage> _deferred = [];
    private readonly SortedDictionary<(DateTimeOffset At, long Sequence), byte[]> _scheduled = [];
    private readonly Dictionary<string, DateTimeOffset> _seen = [];
    private readonly LinkedList<IAmqpConsumer> _consumers = [];
    private readonly AmqpQueueRules _rules;
    private readonly AmqpFaults _faults;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _sequence;
    private bool _holdsNext;

    public AmqpQueue(string name, AmqpQueueRules rules, AmqpFaults faults, TimeProvider time, bool isForDead = false)
    {
        (Name, _rules, _faults, _time, LockDuration) = (name, rules, faults, time, rules.LockDuration);
        _timer = time.CreateTimer(_ => Turn(), null, Never, Never);
        // The dead stay: no duplicates are looked for, nothing expires, nothing dies again.
        if (!isForDead)
        {
            Dead = new AmqpQueue(
                name + "/$deadletterqueue",
                rules with { DuplicateWindow = null, MaxDeliveryCount = int.MaxValue, TimeToLive = TimeSpan.MaxValue },
                faults, time, isForDead: true);
        }
    }

    public string Name { get; }

    public AmqpQueue? Dead { get; }

    /// <summary>Waiting, held, put aside, or due later.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _ready.Count + _locked.Count + _deferred.Count + _scheduled.Count;
        }
    }

    /// <summary>For what is handed out or renewed from now on.</summary>
    public TimeSpan LockDuration { get; set; }

    /// <summary>Returns its number, also where it is known already and dropped.</summary>
    public long Put(byte[] encoded)
    {
        using AmqpMessage message = StoredMessage.Decode(encoded);
        DateTimeOffset now = _time.GetUtcNow();
        DateTimeOffset at = message.MessageAnnotations.Map.TryGetValue(
            "x-opt-scheduled-enqueue-time", out DateTime scheduled) ? scheduled.ToUniversalTime() : now;
        long sequence;
        lock (_gate)
        {
            sequence = ++_sequence;
            if (IsKnown(message.Properties?.MessageId?.ToString(), now)) return sequence;
            if (at > now) _scheduled.Add((at, sequence), encoded);
            else if (_holdsNext) Hold(Store(sequence, encoded, now), now);
            else _ready.Add(sequence, Store(sequence, encoded, now));
            _holdsNext = false;
        }

        Turn();
        return sequence;
    }

    public bool Cancel(long sequence)
    {
        lock (_gate)
        {
            (DateTimeOffset At, long Sequence) key = _scheduled.Keys.FirstOrDefault(k => k.Sequence == sequence);
            return key.Sequence != 0 && _scheduled.Remove(key);
        }
    }

    public void Add(IAmqpConsumer consumer)
    {
        lock (_gate) _consumers.AddLast(consumer);
        Turn();
    }

    /// <summary>Spares a test the time until the locks of a link that is gone run out.</summary>
    public bool LosesLocksWithLink { get; set; }

    public void Remove(IAmqpConsumer consumer)
    {
        lock (_gate)
        {
            _consumers.Remove(consumer);
            if (!LosesLocksWithLink) return;
            foreach (StoredMessage held in _locked.Values.Where(m => m.Holder == consumer).ToList()) Return(held);
        }

        Turn();
    }

    /// <summary>Hands out what can be, and sees what has come due or run out.</summary>
    public void Turn()
    {
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            while (_scheduled.Count > 0 && _scheduled.First() is var ((at, sequence), encoded) && at <= now)
            {
                _scheduled.Remove((at, sequence));
                long enqueued = ++_sequence;
                _ready.Add(enqueued, Store(enqueued, encoded, now));
            }

            while (_ends.TryPeek(out Guid token, out DateTimeOffset until) && until <= now)
            {
                _ends.Dequeue();
                if (!_locked.TryGetValue(token, out StoredMessage? held)) continue;
                if (held.LockedUntil > now) _ends.Enqueue(token, held.LockedUntil);
                else Return(held);
            }

            HandOut(now);
            Wind(now);
        }
    }

    /// <summary>False: the lock is lost.</summary>
    public bool Complete(Guid token) => Take(token, _ => { });

    public bool Abandon(Guid token, IEnumerable<KeyValuePair<string, object?>> properties)
    {
        bool held = Take(token, m => Return(m, properties));
        Turn();
        return held;
    }

    /// <summary>Nobody has seen it: what a client took in advance and gives back.</summary>
    public bool Release(Guid token)
    {
        bool held = Take(token, m =>
        {
            m.Lock = null;
            _ready.Add(m.Sequence, m);
        });
        Turn();
        return held;
    }

    public bool Defer(Guid token) => Take(token, m =>
    {
        (m.Lock, m.State) = (null, 1);
        _deferred.Add(m.Sequence, m);
    });

    public bool Bury(
        Guid token, string? reason, string? description, IEnumerable<KeyValuePair<string, object?>> properties) =>
        Take(token, m => Bury(m, reason, description, properties));

    /// <summary>
    /// The next message to come is taken by a worker that dies with it: it is back when its lock runs out.
    /// </summary>
    public void HoldNext() => _holdsNext = true;

    /// <summary>As if the lock had run out just now.</summary>
    public void LoseLock(Guid token)
    {
        Take(token, m => Return(m));
        Turn();
    }

    /// <summary>As if all locks had run out just now: their holders are gone, or slow.</summary>
    public void LoseLocks()
    {
        lock (_gate)
        {
            foreach (StoredMessage held in _locked.Values.ToList()) Return(held);
        }

        Turn();
    }

    /// <summary>Locks what was deferred; null where there is no such message.</summary>
    public StoredMessage? TakeDeferred(long sequence)
    {
        lock (_gate)
        {
            if (!_deferred.Remove(sequence, out StoredMessage? message)) return null;
            message.State = 0;
            Hold(message, _time.GetUtcNow());
            return message;
        }
    }

    /// <summary>As if the window of duplicate detection had gone by.</summary>
    public void Forget()
    {
        lock (_gate) _seen.Clear();
    }

    /// <summary>Null: the lock is lost.</summary>
    public DateTimeOffset? Renew(Guid token)
    {
        lock (_gate)
        {
            if (!_locked.TryGetValue(token, out StoredMessage? message)) return null;
            return message.LockedUntil = _time.GetUtcNow() + LockDuration;
        }
    }

    /// <summary>Looks, and takes nothing.</summary>
    public IReadOnlyList<StoredMessage> Peek(long from, int count)
    {
        lock (_gate)
        {
            IEnumerable<StoredMessage> later = _scheduled.Select(
                s => new StoredMessage(s.Key.Sequence, s.Value, s.Key.At, s.Key.At) { State = 2 });
            return [.. _ready.Values.Concat(_locked.Values).Concat(_deferred.Values).Concat(later)
                .Where(m => m.Sequence >= from).OrderBy(m => m.Sequence).Take(count)];
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Dead?.Dispose();
    }

    private StoredMessage Store(long sequence, byte[] encoded, DateTimeOffset now)
    {
        TimeSpan life = _rules.TimeToLive;
        return new(sequence, encoded, now, life == TimeSpan.MaxValue ? DateTimeOffset.MaxValue : now + life);
    }

    private bool IsKnown(string? id, DateTimeOffset now)
    {
        if (_rules.DuplicateWindow is not { } window || id is null) return false;
        if (_seen.TryGetValue(id, out DateTimeOffset until) && until > now) return true;
        _seen[id] = now + window;
        return false;
    }

    private void HandOut(DateTimeOffset now)
    {
        while (_ready.Count > 0 && Next() is { } consumer)
        {
            StoredMessage message = _faults.IsShuffled
                ? _ready.Values.ElementAt(Random.Shared.Next(_ready.Count))
                : _ready.First().Value;
            _ready.Remove(message.Sequence);
            if (message.ExpiresAt <= now)
            {
                Bury(message, "TTLExpiredException", "The message expired and was dead lettered.", []);
                continue;
            }

            message.Holder = consumer;
            if (consumer.IsForGood) message.Lock = Ids.New(_time);
            else Hold(message, now);
            consumer.Deliver(message);
        }
    }

    private void Hold(StoredMessage message, DateTimeOffset now)
    {
        (message.Lock, message.LockedUntil) = (Ids.New(_time), now + LockDuration);
        _locked.Add(message.Lock.Value, message);
        _ends.Enqueue(message.Lock.Value, message.LockedUntil);
    }

    // In turn, so that two consumers share.
    private IAmqpConsumer? Next()
    {
        for (int i = 0; i < _consumers.Count; i++)
        {
            IAmqpConsumer consumer = _consumers.First!.Value;
            _consumers.RemoveFirst();
            _consumers.AddLast(consumer);
            if (consumer.HasCredit) return consumer;
        }

        return null;
    }

    private bool Take(Guid token, Action<StoredMessage> then)
    {
        lock (_gate)
        {
            if (!_locked.Remove(token, out StoredMessage? message)) return false;
            then(message);
            return true;
        }
    }

    private void Return(StoredMessage message, IEnumerable<KeyValuePair<string, object?>>? properties = null)
    {
        _locked.Remove(message.Lock!.Value);
        message.Deliveries++;
        if (message.Deliveries >= _rules.MaxDeliveryCount)
        {
            Bury(
                message, "MaxDeliveryCountExceeded",
                $"Message could not be consumed after {_rules.MaxDeliveryCount} delivery attempts.", properties ?? []);
            return;
        }

        StoredMessage again = properties is null
            ? message
            : new(message.Sequence, message.With(properties), message.EnqueuedAt, message.ExpiresAt)
            {
                Deliveries = message.Deliveries,
            };
        again.Lock = null;
        _ready.Add(again.Sequence, again);
    }

    private void Bury(
        StoredMessage message, string? reason, string? description,
        IEnumerable<KeyValuePair<string, object?>> properties)
    {
        List<KeyValuePair<string, object?>> all = [.. properties];
        if (reason is not null) all.Add(new("DeadLetterReason", reason));
        if (description is not null) all.Add(new("DeadLetterErrorDescription", description));
        Dead!.Put(message.With(all));
    }

    private void Wind(DateTimeOffset now)
    {
        DateTimeOffset next = DateTimeOffset.MaxValue;
        if (_scheduled.Count > 0) next = _scheduled.First().Key.At;
        if (_ends.TryPeek(out _, out DateTimeOffset until) && until < next) next = until;
        _timer.Change(next == DateTimeOffset.MaxValue ? Never : Positive(next - now), Never);
    }

    private static TimeSpan Positive(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(1);
}
