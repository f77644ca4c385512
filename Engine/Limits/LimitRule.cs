namespace Vellarys.Limits;

/// <summary>How fast a kind of bucket refills, and how much it holds.</summary>
/// <param name="Name">Stable: part of the key, and what metrics show.</param>
/// <param name="PerSecond">Units that flow back each second.</param>
/// <param name="Burst">Units in a full bucket; what costs more is let through when it is full.</param>
public sealed record LimitRule(string Name, double PerSecond, double Burst)
{
    private const double StrictBurst = 0.1;
    private const double Even = 0.985;

    /// <summary>
    /// Never more than <paramref name="limit"/> in any stretch of that length: what may come at once and what flows
    /// back meanwhile are the limit together.
    /// </summary>
    public static LimitRule AtMost(string name, int limit, TimeSpan period)
    {
        double burst = limit == 1 ? 1 : Math.Max(1, Math.Floor(limit * StrictBurst));
        return new(name, Math.Max(limit - burst, 1) / period.TotalSeconds, burst);
    }

    /// <summary>
    /// Never more than <paramref name="limit"/> in any stretch of that length, and nearly as many: one after the other,
    /// in even steps, so that nothing has to be kept back for what may come at once.
    /// </summary>
    public static LimitRule Evenly(string name, int limit, TimeSpan period) =>
        new(name, Even * limit / period.TotalSeconds, 1);

    /// <summary>So many in that time in the long run; at first, or after a rest, the whole burst at once.</summary>
    public static LimitRule OnAverage(string name, int limit, TimeSpan period, int burst) =>
        new(name, limit / period.TotalSeconds, burst);

    /// <summary>What one of several instances may use while they cannot ask each other.</summary>
    public LimitRule Share(int instances) =>
        this with { PerSecond = PerSecond / instances, Burst = Math.Max(1, Burst / instances) };
}

/// <summary>A wish to use something of one bucket.</summary>
/// <param name="Subject">Whose bucket: a channel, a customer's address, a tenant. Kept as a hash outside.</param>
public readonly record struct LimitTake(LimitRule Rule, string Subject, double Cost = 1)
{
    private const double Micro = 1_000_000;
    private const long Margin = 3 * 60 * 1_000_000;

    /// <summary>The bucket, within this process.</summary>
    public string Key => $"{Rule.Name}:{Subject}";

    /// <summary>The cost as time that it takes to flow back, in microseconds.</summary>
    public long Increment => (long)Math.Ceiling(Cost / Rule.PerSecond * Micro);

    /// <summary>How far ahead of time a bucket may be, in microseconds.</summary>
    public long Tolerance => (long)Math.Ceiling(Math.Max(Rule.Burst, Cost) / Rule.PerSecond * Micro);

    /// <summary>
    /// No debt and no block lasts longer than this, in microseconds: a bucket that is further ahead was written by a
    /// clock that has stepped back since, and begins anew.
    /// </summary>
    public long Furthest => (long)Math.Ceiling(Rule.Burst / Rule.PerSecond * Micro) + Margin;
}
