using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Messaging;
using Vellarys.Messaging.Admin;
using Vellarys.Messaging.Broker;
using Vellarys.Storage;
using Vellarys.Tests.Accounts;
using Xunit;

namespace Vellarys.Tests.Messaging.Broker;

/// <summary>The relay's timer, and what it shows of the outbox.</summary>
public sealed class RelayLeftoversTests : IAsyncLifetime, IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Dictionary<string, double> _values = [];
    private readonly MeterListener _listener = new();
    private readonly Backlog _there = new();
    private readonly ManualTime _time = new();
    private BrokerTransport _transport = null!;
    private RelayLeftovers _job = null!;

    public async Task InitializeAsync()
    {
        _transport = await BrokerTransport.CreateAsync();
        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Scope == meters) l.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>(
            (i, value, _, _) => _values[i.Name] = Math.Max(value, _values.GetValueOrDefault(i.Name)));
        _listener.Start();
        _job = new RelayLeftovers(
            _transport.Start().Get<RelayOutbox>(),
            new QueueMetrics(meters, new QueueStats(_transport.Pool, _there), _time),
            new OutboxMetrics(meters, _transport.Pool, _time), NullLogger<RelayLeftovers>.Instance);
    }

    public void Dispose() => _listener.Dispose();

    public async Task DisposeAsync()
    {
        await _transport.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task BacklogOfTheBroker_IsNoAgeOfTheOutbox()
    {
        _there.Oldest = TimeSpan.FromHours(1);

        Dictionary<string, double> seen = await RunAsync();

        Assert.Equal((3_600, 0), (seen["queue.oldest_waiting"], seen["outbox.oldest"]));
    }

    // A failed relay keeps its rows for half a minute, and one that is due tomorrow is to be with the broker today.
    [Fact]
    public async Task BrokerAway_RelayFailsAndTheOutboxHasItsAge()
    {
        await WriteAsync(Time.GetUtcNow().AddDays(1));
        (_transport.Broker.IsDown, _there.IsAway) = (true, true);

        await Assert.ThrowsAsync<TransientFault>(() => _job.RunAsync(default));
        await Assert.ThrowsAsync<TransientFault>(() => RunAsync(wait: "10 min"));

        Assert.InRange(Look()["outbox.oldest"], 600, 3_600);
        _transport.Broker.IsDown = false;
        Assert.Equal(0, (await RunAsync())["outbox.oldest"]);
    }

    [Fact]
    public async Task BrokerThatDoesNotShowItsQueues_FailsNoRelay()
    {
        await WriteAsync(null);
        _there.IsAway = true;

        await _job.RunAsync(default);

        Assert.Single(_transport.Broker.Sent);
    }

    // Or an alarm would go on for as long as an instance lives that has not had the timer since.
    [Fact]
    public async Task InstanceWithoutTheTimer_ShowsNothingAfterAWhile()
    {
        _there.Oldest = TimeSpan.FromHours(1);
        Assert.Contains("outbox.oldest", await RunAsync());

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(Look());
    }

    [Fact]
    public async Task BrokerThatHidesWhatIsDue_ShowsNoAge()
    {
        _there.IsKnown = false;

        Dictionary<string, double> seen = await RunAsync();

        Assert.False(seen.ContainsKey("queue.oldest_waiting"));
        Assert.True(seen.ContainsKey("outbox.oldest"));
    }

    private static TimeProvider Time => TimeProvider.System;

    /// <param name="wait">What lies in the outbox lies there for longer by that.</param>
    private async Task<Dictionary<string, double>> RunAsync(string wait = "0")
    {
        await ExecuteAsync(
            "update queue_messages set enqueued_at = enqueued_at - cast($1 as interval), relayed_until = null", wait);
        await _job.RunAsync(default);
        return Look();
    }

    private Dictionary<string, double> Look()
    {
        _values.Clear();
        _listener.RecordObservableInstruments();
        return _values;
    }

    private async Task ExecuteAsync(string sql, string value)
    {
        await using NpgsqlBatch batch = _transport.Pool.CreateWorkerBatch(sql, new NpgsqlParameter { Value = value });
        await batch.ExecuteNonQueryAsync();
    }

    private async Task WriteAsync(DateTimeOffset? notBefore)
    {
        IOutbox outbox = _transport.Start().Get<IOutbox>();
        await using NpgsqlBatch batch = _transport.Pool.CreateBatch();
        using Reservation none = outbox.Reserve(Queues.AiResponse, 1);
        batch.BatchCommands.Add(WorkerScope.Command());
        QueueMessage message = new(Queues.AiResponse, Ids.New(Time), """{"v":1}""") { NotBefore = notBefore };
        batch.BatchCommands.Add(outbox.InsertCommand([message], none));
        await batch.ExecuteNonQueryAsync();
    }

    private sealed class Backlog : IBrokerBacklog
    {
        public bool IsAway { get; set; }

        public bool IsKnown { get; set; } = true;

        public TimeSpan? Oldest { get; set; }

        public Task<IReadOnlyList<BrokerBacklog>> ReadAsync(CancellationToken cancellationToken) => IsAway
            ? throw new TransientFault("broker_down", "The broker is away.")
            : Task.FromResult<IReadOnlyList<BrokerBacklog>>(
                [.. Queues.All.Select(q => new BrokerBacklog(q, 0, 0, Oldest, IsKnown))]);

        public Task<BrokerAge> OldestAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new BrokerAge(Oldest, IsKnown));
    }
}
