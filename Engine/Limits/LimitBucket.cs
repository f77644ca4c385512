namespace Vellarys.Limits;

/// <summary>
/// One bucket as the generic cell rate algorithm sees it: the time at which it will be full again, and until when it is
/// blocked, both in microseconds. <c>take.lua</c> does the same sums in Redis; a test holds one against the other.
/// </summary>
internal readonly record struct LimitBucket(long FullAt, long BlockedUntil)
{
    public bool IsIdle(long now) => FullAt <= now && BlockedUntil <= now;

    /// <summary>The bucket, or a full one in place of what no clock like this can have written.</summary>
    public LimitBucket Sane(LimitTake take, long now) =>
        Math.Max(FullAt, BlockedUntil) > now + take.Furthest ? default : this;

    /// <summary>How long the take would have to wait, in microseconds.</summary>
    public long WaitFor(LimitTake take, long now) =>
        Math.Max(0, Math.Max(After(take, now) - take.Tolerance, BlockedUntil) - now);

    /// <param name="at">When it is used: buckets that are taken from together wait for the slowest of them.</param>
    public LimitBucket Take(LimitTake take, long at, long now) =>
        this with { FullAt = Math.Min(After(take, at), now + take.Furthest) };

    public LimitBucket Charge(LimitTake take, long now) =>
        this with { FullAt = Math.Min(Math.Max(FullAt, now) + take.Increment, now + take.Furthest) };

    public LimitBucket Block(LimitTake take, long micros, long now) =>
        this with { BlockedUntil = Math.Min(Math.Max(BlockedUntil, now + micros), now + take.Furthest) };

    private long After(LimitTake take, long at) =>
        Math.Max(Math.Max(FullAt, BlockedUntil), at) + take.Increment;
}
