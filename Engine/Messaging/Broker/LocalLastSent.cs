namespace Vellarys.Messaging.Broker;

/// <summary>
/// For what this instance sent itself. A key that was not used for two windows is forgotten at the latest, and what
/// most keys have driven out: about 2 KB each where customers write much, 80 MB at the most.
/// </summary>
public sealed class LocalLastSent(TimeProvider time) : ILastSent
{
    /// <summary>More keys than this are not remembered at once.</summary>
    public const int MostKeys = 40_000;

    private readonly Lock _gate = new();
    private Dictionary<Guid, IReadOnlyList<SentMessage>> _newer = [];
    private Dictionary<Guid, IReadOnlyList<SentMessage>> _older = [];
    private DateTimeOffset _turnsAt = time.GetUtcNow() + SentMessages.Window;

    /// <summary>How many keys are remembered; one that was used lately may count twice.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _newer.Count + _older.Count;
        }
    }

    public ValueTask<IReadOnlyList<SentMessage>> ReadAsync(Guid orderKey, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Turn();
            return ValueTask.FromResult(Find(orderKey));
        }
    }

    public ValueTask AddAsync(Guid orderKey, IReadOnlyList<SentMessage> sent, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Turn();
            _newer[orderKey] = SentMessages.Merge(sent, Find(orderKey));
        }

        return ValueTask.CompletedTask;
    }

    private IReadOnlyList<SentMessage> Find(Guid orderKey) =>
        _newer.TryGetValue(orderKey, out IReadOnlyList<SentMessage>? known) || _older.TryGetValue(orderKey, out known)
            ? known
            : [];

    private void Turn()
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now < _turnsAt && _newer.Count < MostKeys / 2) return;
        bool isAllOld = now >= _turnsAt + SentMessages.Window;
        (_older, _newer) = (isAllOld ? [] : _newer, []);
        _turnsAt = now + SentMessages.Window;
    }
}
