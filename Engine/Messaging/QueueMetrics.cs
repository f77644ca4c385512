using System.Diagnostics.Metrics;
using Vellarys.Messaging.Admin;

namespace Vellarys.Messaging;

/// <summary>
/// The queues as instruments of the meter <c>Vellarys.Messaging</c>, each with the tag <c>queue</c>. Gauges are the
/// whole database's and are read every two seconds while somebody collects them; counters are this process's.
/// </summary>
public sealed class QueueMetrics
{
    public const string MeterName = "Vellarys.Messaging";

    private readonly QueueStats _stats;
    private readonly Counter<long> _completed;
    private readonly Counter<long> _failed;
    private readonly ObservableGauge<long> _waiting;
    private IReadOnlyList<QueueCounts> _counts = [];

    public QueueMetrics(IMeterFactory meters, QueueStats stats)
    {
        _stats = stats;
        Meter meter = meters.Create(MeterName);
        _completed = meter.CreateCounter<long>("queue.completed", "{message}", "Messages that a handler completed");
        _failed = meter.CreateCounter<long>("queue.failed", "{message}", "Messages that became dead letters");
        _waiting = meter.CreateObservableGauge(
            "queue.waiting", () => Each(c => c.Waiting), "{message}", "Due, not leased");
        meter.CreateObservableGauge("queue.active", () => Each(c => c.Active), "{message}", "Leased");
        meter.CreateObservableGauge("queue.delayed", () => Each(c => c.Delayed), "{message}", "Due later");
        meter.CreateObservableGauge(
            "queue.oldest_waiting", () => Each(c => c.OldestWaiting?.TotalSeconds ?? 0), "s",
            "Age of the first in line");
    }

    internal void Ended(string queue, long completed, long failed)
    {
        KeyValuePair<string, object?> tag = new("queue", queue);
        if (completed > 0) _completed.Add(completed, tag);
        if (failed > 0) _failed.Add(failed, tag);
    }

    internal async Task RefreshAsync()
    {
        if (_waiting.Enabled) _counts = await _stats.RunAsync(CancellationToken.None);
    }

    private IEnumerable<Measurement<T>> Each<T>(Func<QueueCounts, T> value)
        where T : struct =>
            _counts.Select(c => new Measurement<T>(value(c), new KeyValuePair<string, object?>("queue", c.Queue)));
}
