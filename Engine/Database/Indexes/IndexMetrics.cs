using System.Diagnostics.Metrics;

namespace Vellarys.Database.Indexes;

/// <summary>The last check's findings as instruments of the meter <c>Vellarys.Indexes</c>.</summary>
internal sealed class IndexMetrics
{
    public const string MeterName = "Vellarys.Indexes";

    private static readonly string[] Kinds = ["missing", "invalid", "leftover"];

    private readonly Counter<long> _rebuilt;
    private IReadOnlyList<IndexFault>? _faults;
    private int _unused;
    private int _bloated;

    public IndexMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _rebuilt = meter.CreateCounter<long>("index.rebuilt", "{index}", "Indexes that the check rebuilt");
        meter.CreateObservableGauge("index.broken", Broken, "{index}", "Indexes that are missing or not valid");
        meter.CreateObservableGauge("index.unused", () => _unused, "{index}", "Never used, and of a size that matters");
        meter.CreateObservableGauge("index.bloated", () => _bloated, "{index}", "Estimated to be half empty or more");
    }

    public void Found(IReadOnlyList<IndexFault> faults) => _faults = faults;

    public void Seen(int unused, int bloated) => (_unused, _bloated) = (unused, bloated);

    public void Rebuilt(IndexFault fault) => _rebuilt.Add(1, new KeyValuePair<string, object?>("kind", fault.Kind));

    private IEnumerable<Measurement<int>> Broken() => _faults is not { } faults ? [] : Kinds.Select(kind =>
        new Measurement<int>(faults.Count(f => f.Kind == kind), new KeyValuePair<string, object?>("kind", kind)));
}
