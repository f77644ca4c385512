using System.Diagnostics.Metrics;
using Vellarys.Messaging.Admin;

namespace Vellarys.Messaging;

/// <summary>
/// The queues as instruments of the meter <c>Vellarys.Messaging</c>, each with the tag <c>queue</c>. Gauges are the
/// whole installation's and are read every two seconds while somebody collects them (by the relay's timer where the
/// queues lie in a broker: then one instance shows them, and another once it has the timer); counters are this
/// process's.
/// </summary>
public sealed class QueueMetrics
{
    public const string MeterName = "Vellarys.Messaging";

    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    private readonly QueueStats _stats;
    private readonly Counter<long> _completed;
    private readonly Counter<long> _failed;
    private readonly ObservableGauge<long> _waiting;
    private readonly Recent<IReadOnlyList<QueueCounts>> _counts;

    public QueueMetrics(IMeterFactory meters, QueueStats stats, TimeProvider time)
    {
        (_stats, _counts) = (stats, new(Lasts, time));
        Meter meter = meters.Create(MeterName);
        _completed = meter.CreateCounter<long>("queue.completed", "{message}", "Messages that a handler completed");
        _failed = meter.CreateCounter<long>("queue.failed", "{message}", "Messages that became dead letters");
        _waiting = meter.CreateObservableGauge(
            "queue.waiting", () => Each(c => c.Waiting), "{message}", "Due, not leased");
        meter.CreateObservableGauge("queue.active", () => Each(c => c.Active), "{message}", "Leased");
        meter.CreateObservableGauge("queue.delayed", () => Each(c => c.Delayed), "{message}", "Due later");
        meter.CreateObservableGauge(
            "queue.oldest_waiting", () => Each(c => c.OldestWaiting?.TotalSeconds ?? 0, c => c.IsOldestKnown), "s",
            "Age of the first in line; none where nobody sees it");
    }

    internal void Ended(string queue, long completed, long failed)
    {
        KeyValuePair<string, object?> tag = new("queue", queue);
        if (completed > 0) _completed.Add(completed, tag);
        if (failed > 0) _failed.Add(failed, tag);
    }

    internal async Task RefreshAsync()
    {
        if (_waiting.Enabled) _counts.Found(await _stats.RunAsync(CancellationToken.None));
    }

    private IEnumerable<Measurement<T>> Each<T>(Func<QueueCounts, T> value, Func<QueueCounts, bool>? isKnown = null)
        where T : struct =>
            from counts in _counts.Value ?? []
            where isKnown is null || isKnown(counts)
            select new Measurement<T>(value(counts), new KeyValuePair<string, object?>("queue", counts.Queue));
}
