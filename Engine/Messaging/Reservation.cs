namespace Vellarys.Messaging;

/// <summary>Slots at a consumer in this process, and the lease to stamp on rows that will fill them.</summary>
/// <param name="queue">The queue the slots belong to.</param>
/// <param name="count">How many messages may be born leased; may be zero.</param>
/// <param name="owner">Goes to <c>queue_messages.locked_by</c>.</param>
/// <param name="lockFor">How long the lease lasts from the insert; the consumer renews it.</param>
/// <param name="release">Gives slots back.</param>
public sealed class Reservation(string queue, int count, Guid owner, TimeSpan lockFor, Action<int>? release)
    : IDisposable
{
    private int _left = count;

    public string Queue { get; } = queue;

    public int Count { get; } = count;

    public Guid Owner { get; } = owner;

    public TimeSpan LockFor { get; } = lockFor;

    /// <summary>Takes <paramref name="used"/> slots for good; the consumer frees them when the messages end.</summary>
    public void Use(int used) => Interlocked.Add(ref _left, -used);

    public void Dispose()
    {
        int left = Interlocked.Exchange(ref _left, 0);
        if (left > 0) release?.Invoke(left);
    }
}
