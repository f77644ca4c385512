namespace Vellarys.Limits;

/// <summary>
/// The buckets of one process. A bucket that is full again says nothing and is forgotten, so memory follows what is in
/// use.
/// </summary>
public sealed class LocalLimits(TimeProvider time) : ILimits
{
    private const int FirstSweep = 1_024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LimitBucket> _buckets = [];
    private int _sweepAt = FirstSweep;

    /// <summary>How many buckets are remembered.</summary>
    internal int Count
    {
        get
        {
            lock (_gate) return _buckets.Count;
        }
    }

    public ValueTask<LimitVerdict> TakeAsync(
        IReadOnlyList<LimitTake> takes, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(takes);
        if (takes.Count == 0) return ValueTask.FromResult(LimitVerdict.Go);
        lock (_gate)
        {
            long now = Now();
            (long wait, string? bucket) = LongestWait(takes, now);
            bool allowed = wait <= Micros(patience);
            if (allowed)
            {
                foreach (LimitTake take in takes) _buckets[take.Key] = Find(take, now).Take(take, now + wait, now);
                SweepSometimes(now);
            }

            return ValueTask.FromResult(new LimitVerdict(allowed, FromMicros(wait), bucket));
        }
    }

    public ValueTask ChargeAsync(IReadOnlyList<LimitTake> takes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(takes);
        lock (_gate)
        {
            long now = Now();
            foreach (LimitTake take in takes) _buckets[take.Key] = Find(take, now).Charge(take, now);
            SweepSometimes(now);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask BlockAsync(LimitRule rule, string subject, TimeSpan pause, CancellationToken cancellationToken)
    {
        LimitTake take = new(rule, subject);
        lock (_gate)
        {
            long now = Now();
            _buckets[take.Key] = Find(take, now).Block(take, Micros(pause), now);
            SweepSometimes(now);
        }

        return ValueTask.CompletedTask;
    }

    private (long Wait, string? Bucket) LongestWait(IReadOnlyList<LimitTake> takes, long now)
    {
        (long longest, string? bucket) = (0, null);
        foreach (LimitTake take in takes)
        {
            long wait = Find(take, now).WaitFor(take, now);
            if (wait > longest) (longest, bucket) = (wait, take.Rule.Name);
        }

        return (longest, bucket);
    }

    private LimitBucket Find(LimitTake take, long now) => _buckets.GetValueOrDefault(take.Key).Sane(take, now);

    // When the number has doubled since the last time: a constant share of the work, however many there are.
    private void SweepSometimes(long now)
    {
        if (_buckets.Count < _sweepAt) return;
        foreach ((string key, LimitBucket bucket) in _buckets)
        {
            if (bucket.IsIdle(now)) _buckets.Remove(key);
        }

        _sweepAt = Math.Max(FirstSweep, 2 * _buckets.Count);
    }

    private long Now() => (long)((Int128)time.GetTimestamp() * 1_000_000 / time.TimestampFrequency);

    private static long Micros(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private static TimeSpan FromMicros(long micros) => new(micros * TimeSpan.TicksPerMicrosecond);
}
