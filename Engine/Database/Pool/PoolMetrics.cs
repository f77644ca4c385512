using System.Diagnostics.Metrics;

namespace Vellarys.Database.Pool;

/// <summary>The pool as instruments of the meter <c>Vellarys.Pool</c>, of this instance.</summary>
internal sealed class PoolMetrics
{
    public const string MeterName = "Vellarys.Pool";

    private readonly Counter<long> _alerts;

    public PoolMetrics(IMeterFactory meters, ReadPool pool)
    {
        Meter meter = meters.Create(MeterName);
        _alerts = meter.CreateCounter<long>("pool.alerts", "{check}", "Checks that found the pool over 80 % used");
        meter.CreateObservableGauge("pool.usage", () => pool.Run().Usage.Percent, "%", "Connections in use");
    }

    public void Alert(PoolLevel level) => _alerts.Add(1, new KeyValuePair<string, object?>(
        "status", PoolReport.Word(level)));
}
