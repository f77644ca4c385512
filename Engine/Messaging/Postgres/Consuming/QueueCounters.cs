namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>What a consumer has brought to an end since it was last asked.</summary>
internal sealed class QueueCounters
{
    private long _completed;
    private long _failed;

    public void AddCompleted() => Interlocked.Increment(ref _completed);

    public void AddFailed() => Interlocked.Increment(ref _failed);

    /// <summary>The counts since the last call.</summary>
    public (long Completed, long Failed) Take() =>
        (Interlocked.Exchange(ref _completed, 0), Interlocked.Exchange(ref _failed, 0));

    /// <summary>Puts back counts that could not be written.</summary>
    public void Return(long completed, long failed)
    {
        Interlocked.Add(ref _completed, completed);
        Interlocked.Add(ref _failed, failed);
    }
}
