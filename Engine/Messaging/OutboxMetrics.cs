using System.Diagnostics.Metrics;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Messaging;

/// <summary>
/// How long what committed transactions want sent has waited for the broker, as the gauge <c>outbox.oldest</c>: apart
/// from the queues' own backlog, which is no sign that the broker is away. Only where the queues lie in a broker; there
/// each row of the queue's table waits to be relayed, also one that is due later, or that a failed relay keeps.
/// </summary>
public sealed class OutboxMetrics
{
    // The relay looks every 15 seconds, now on this instance, now on that.
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(1);

    private const string Sql =
        "select coalesce(extract(epoch from now() - min(enqueued_at)), 0)::float8 from queue_messages";

    private readonly NpgsqlDataSource _database;
    private readonly Recent<Age> _oldest;
    private readonly ObservableGauge<double> _gauge;

    public OutboxMetrics(IMeterFactory meters, NpgsqlDataSource database, TimeProvider time)
    {
        (_database, _oldest) = (database, new Recent<Age>(Lasts, time));
        _gauge = meters.Create(QueueMetrics.MeterName).CreateObservableGauge(
            "outbox.oldest", Oldest, "s", "Since what waits longest for the broker was committed; 0: nothing waits");
    }

    internal async Task RefreshAsync()
    {
        if (!_gauge.Enabled) return;
        await using NpgsqlBatch batch = _database.CreateWorkerBatch(Sql);
        await using NpgsqlDataReader row = await batch.ReadRowsAsync(CancellationToken.None);
        await row.ReadAsync();
        _oldest.Found(new Age(row.GetDouble(0)));
    }

    private IEnumerable<Measurement<double>> Oldest() => _oldest.Value is { } age ? [new(age.Seconds)] : [];

    private sealed record Age(double Seconds);
}
