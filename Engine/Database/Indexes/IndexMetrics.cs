using System.Diagnostics.Metrics;
using Vellarys.Jobs;

namespace Vellarys.Database.Indexes;

/// <summary>
/// The last check's findings as instruments of the meter <c>Vellarys.Indexes</c>, until the next check: that may be
/// another instance's, and an index that is whole by then must not stay broken here.
/// </summary>
internal sealed class IndexMetrics
{
    public const string MeterName = "Vellarys.Indexes";

    // What a check takes, and what a timer is late.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);
    private static readonly string[] Kinds = ["missing", "invalid", "leftover"];

    private readonly Counter<long> _rebuilt;
    private readonly Recent<IReadOnlyList<IndexFault>> _faults;
    private readonly Recent<Counts> _seen;

    public IndexMetrics(IMeterFactory meters, TimeProvider time)
    {
        TimeSpan lasts = JobSchedules.CheckIndexes.Every + Slack;
        (_faults, _seen) = (new(lasts, time), new(lasts, time));
        Meter meter = meters.Create(MeterName);
        _rebuilt = meter.CreateCounter<long>("index.rebuilt", "{index}", "Indexes that the check rebuilt");
        meter.CreateObservableGauge("index.broken", Broken, "{index}", "Indexes that are missing or not valid");
        meter.CreateObservableGauge(
            "index.unused", () => Of(s => s.Unused), "{index}", "Never used, and of a size that matters");
        meter.CreateObservableGauge(
            "index.bloated", () => Of(s => s.Bloated), "{index}", "Estimated to be half empty or more");
    }

    public void Found(IReadOnlyList<IndexFault> faults) => _faults.Found(faults);

    public void Seen(int unused, int bloated) => _seen.Found(new Counts(unused, bloated));

    public void Rebuilt(IndexFault fault) => _rebuilt.Add(1, new KeyValuePair<string, object?>("kind", fault.Kind));

    private IEnumerable<Measurement<int>> Broken() => _faults.Value is not { } faults ? [] : Kinds.Select(kind =>
        new Measurement<int>(faults.Count(f => f.Kind == kind), new KeyValuePair<string, object?>("kind", kind)));

    private IEnumerable<Measurement<int>> Of(Func<Counts, int> figure) =>
        _seen.Value is { } seen ? [new(figure(seen))] : [];

    private sealed record Counts(int Unused, int Bloated);
}
