using System.Collections.Concurrent;

namespace Vellarys.Messaging.Broker;

/// <summary>For what this instance sent itself; what is older than <see cref="Window"/> is forgotten.</summary>
public sealed class LocalLastSent(TimeProvider time) : ILastSent
{
    /// <summary>Longer than a lock of the broker: until then a message may be held by a process that died.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private ConcurrentDictionary<Guid, SentMessage> _newer = new();
    private ConcurrentDictionary<Guid, SentMessage> _older = new();
    private DateTimeOffset _turnsAt = time.GetUtcNow() + Window;

    public ValueTask<SentMessage?> ReadAsync(Guid orderKey, CancellationToken cancellationToken)
    {
        Turn();
        return ValueTask.FromResult(
            _newer.TryGetValue(orderKey, out SentMessage? message) || _older.TryGetValue(orderKey, out message)
                ? message
                : null);
    }

    public ValueTask WriteAsync(Guid orderKey, SentMessage message, CancellationToken cancellationToken)
    {
        Turn();
        _newer[orderKey] = message;
        return ValueTask.CompletedTask;
    }

    private void Turn()
    {
        lock (_gate)
        {
            DateTimeOffset now = time.GetUtcNow();
            if (now < _turnsAt) return;
            (_older, _newer) = (now < _turnsAt + Window ? _newer : new(), new());
            _turnsAt = now + Window;
        }
    }
}
