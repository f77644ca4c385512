namespace Vellarys.Limits;

/// <summary>
/// One bucket as the generic cell rate algorithm sees it: the time at which it will be full again, and until when it is
/// blocked, both in microseconds. <c>take.lua</c> does the same sums in Redis; a test holds one against the other.
/// </summary>
internal readonly record struct LimitBucket(long FullAt, long BlockedUntil)
{
    public bool IsIdle(long now) => FullAt <= now && BlockedUntil <= now;

    /// <summary>How long the take would have to wait, in microseconds.</summary>
    public long WaitFor(LimitTake take, long now) =>
        Math.Max(0, Math.Max(After(take, now) - take.Tolerance, BlockedUntil) - now);

    public LimitBucket Take(LimitTake take, long now) => this with { FullAt = After(take, now) };

    public LimitBucket Charge(LimitTake take, long now) =>
        this with { FullAt = Math.Max(FullAt, now) + take.Increment };

    public LimitBucket Block(long micros, long now) =>
        this with { BlockedUntil = Math.Max(BlockedUntil, now + micros) };

    private long After(LimitTake take, long now) =>
        Math.Max(Math.Max(FullAt, BlockedUntil), now) + take.Increment;
}
