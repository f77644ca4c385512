using System.Diagnostics.Metrics;

namespace Vellarys.Caching;

/// <summary>
/// Hits and misses as counters of the meter <c>Vellarys.Caching</c>, each with the tag <c>namespace</c>.
/// </summary>
internal sealed class CacheMetrics
{
    public const string MeterName = "Vellarys.Caching";

    private readonly Counter<long> _hits;
    private readonly Counter<long> _misses;

    public CacheMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _hits = meter.CreateCounter<long>("cache.hits", "{read}", "Reads that found a value");
        _misses = meter.CreateCounter<long>("cache.misses", "{read}", "Reads that found none");
    }

    internal void Read(CacheNamespace space, bool found) =>
        (found ? _hits : _misses).Add(1, new KeyValuePair<string, object?>("namespace", space.Name));
}
