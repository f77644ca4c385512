using System.Diagnostics.Metrics;

namespace Vellarys.Functions.Redis;

/// <summary>What went without Redis, as the counter <c>redis.fallback</c> of the meter <c>Vellarys.Redis</c>.</summary>
public sealed class RedisMetrics
{
    public const string MeterName = "Vellarys.Redis";

    private readonly Counter<long> _fallback;

    public RedisMetrics(IMeterFactory meters) => _fallback = meters.Create(MeterName).CreateCounter<long>(
        "redis.fallback", "{call}", "Calls that this instance answered by itself, tagged with their operation");

    internal void FellBack(string operation) =>
        _fallback.Add(1, new KeyValuePair<string, object?>("operation", operation));
}
