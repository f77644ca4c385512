using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Vellarys.Messaging;

/// <summary>
/// Handlers of this process that outlived their time limit and did not end when cancelled. Each keeps a thread until it
/// returns, so what it works at is not started beside it once more: neither the same message nor another one about the
/// same subject, such as a redrive's.
/// </summary>
public sealed class StuckHandlers
{
    private readonly ConcurrentDictionary<Guid, QueueMessage> _running = new();
    private readonly Counter<long> _timedOut;

    public StuckHandlers(IMeterFactory meters)
    {
        Meter meter = meters.Create(QueueMetrics.MeterName);
        _timedOut = meter.CreateCounter<long>(
            "queue.handler_timeouts", "{message}", "Handlers that ran into their time limit");
        meter.CreateObservableGauge(
            "queue.stuck_handlers",
            () => ByQueue.Select(
                q => new Measurement<long>(q.Value, new KeyValuePair<string, object?>("queue", q.Key))),
            "{message}", "Handlers that did not end when cancelled, and still run");
    }

    /// <summary>How many run, by queue; without the queues that have none.</summary>
    public IReadOnlyDictionary<string, long> ByQueue =>
        _running.Values.GroupBy(m => m.Queue).ToDictionary(q => q.Key, q => q.LongCount());

    /// <summary>Whether an earlier attempt at the same work still runs.</summary>
    internal bool Holds(QueueMessage message) =>
        !_running.IsEmpty
        && (_running.ContainsKey(message.Id) || _running.Values.Any(m => IsSameWork(m, message)));

    internal void TimedOut(string queue) => _timedOut.Add(1, new KeyValuePair<string, object?>("queue", queue));

    internal void Add(QueueMessage message) => _running[message.Id] = message;

    internal void Remove(QueueMessage message) => _running.TryRemove(message.Id, out _);

    private static bool IsSameWork(QueueMessage one, QueueMessage other) =>
        one.Subject is not null && (one.Queue, one.Tenant, one.Subject) == (other.Queue, other.Tenant, other.Subject);
}
