using System.Diagnostics.Metrics;

namespace Vellarys.Database.Pool;

/// <summary>
/// The pool as instruments of the meter <c>Vellarys.Pool</c>, of this instance; and what the last look at all instances
/// found, of whichever looked.
/// </summary>
internal sealed class PoolMetrics
{
    public const string MeterName = "Vellarys.Pool";

    // A look a minute, by whichever instance has the timer.
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(3);

    private readonly Counter<long> _alerts;
    private readonly Recent<InstancesReport> _all;

    public PoolMetrics(IMeterFactory meters, ReadPool pool, TimeProvider time)
    {
        _all = new Recent<InstancesReport>(Lasts, time);
        Meter meter = meters.Create(MeterName);
        _alerts = meter.CreateCounter<long>("pool.alerts", "{check}", "Checks that found the pool over 80 % used");
        meter.CreateObservableGauge("pool.usage", () => pool.Run().Usage.Percent, "%", "Connections in use");
        meter.CreateObservableGauge(
            "pool.instances", () => Of(all => all.Count), "{instance}", "Instances that have a connection");
        meter.CreateObservableGauge(
            "pool.connections", () => Of(all => all.Connections), "{connection}", "Of all instances, at the server");
    }

    public void Seen(InstancesReport all) => _all.Found(all);

    public void Alert(PoolLevel level) => _alerts.Add(1, new KeyValuePair<string, object?>(
        "status", PoolReport.Word(level)));

    private IEnumerable<Measurement<int>> Of(Func<InstancesReport, int> figure) =>
        _all.Value is { } all ? [new(figure(all))] : [];
}
