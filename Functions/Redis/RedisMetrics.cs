using System.Diagnostics.Metrics;

namespace Vellarys.Functions.Redis;

/// <summary>
/// The meter <c>Vellarys.Redis</c>: what went without Redis, and how the server is. Each instance reports the server's
/// own figures: over instances they are looked at by their maximum, not by their sum.
/// </summary>
public sealed class RedisMetrics
{
    public const string MeterName = "Vellarys.Redis";

    private readonly Counter<long> _fallback;
    private volatile Seen? _seen;

    public RedisMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _fallback = meter.CreateCounter<long>(
            "redis.fallback", "{call}", "Calls that this instance answered by itself, tagged with their operation");
        meter.CreateObservableGauge(
            "redis.memory.usage", () => Of(m => m.Used), "By", "Memory that the server uses");
        meter.CreateObservableGauge(
            "redis.memory.limit", () => Of(m => m.Most), "By", "Memory that the server may use; 0: no limit is set");
        // No counter: an exporter of differences would show all that the server ever evicted as this process's first.
        meter.CreateObservableGauge(
            "redis.evicted", () => Of(m => m.Evicted), "{key}", "Keys that the server evicted since it started");
        meter.CreateObservableGauge(
            "redis.commands", () => Of(m => m.Rate), "{command}/s", "Commands a second, of all the server's clients");
    }

    internal void FellBack(string operation) =>
        _fallback.Add(1, new KeyValuePair<string, object?>("operation", operation));

    /// <summary>Null for a server that does not say.</summary>
    internal void Show(RedisMemory? memory) => _seen = memory is { } found ? new Seen(found) : null;

    private IEnumerable<Measurement<long>> Of(Func<RedisMemory, long> figure) =>
        _seen is { } seen ? [new Measurement<long>(figure(seen.Memory))] : [];

    private sealed record Seen(RedisMemory Memory);
}
