using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Database.Pool;
using Vellarys.Jobs;
using Vellarys.Storage;
using Vellarys.Tests.Api;
using Vellarys.Tests.Jobs;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Database.Pool;

public sealed class PoolTests
{
    private static readonly DateTimeOffset At = new(2026, 2, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, "healthy")]
    [InlineData(49.9, "healthy")]
    [InlineData(50, "warning")]
    [InlineData(80, "warning")]
    [InlineData(80.1, "alert")]
    [InlineData(95, "alert")]
    [InlineData(95.1, "degraded")]
    [InlineData(100, "degraded")]
    public void Level_AtEachThreshold_IsAsTheTableSays(double percent, string word) =>
        Assert.Equal(word, PoolReport.Word(PoolLevels.Of(percent)));

    [Fact]
    public void Report_AsJson_IsAsAgreed()
    {
        PoolReport report = PoolReport.Of(new PoolConfiguration(20, 0, 5, 3_600), checkedOut: 11, At);
        Assert.Equal(
            """
            {"status":"warning","timestamp":"2026-02-01T12:00:00+00:00",
            "configuration":{"pool_size":20,"max_overflow":0,"pool_timeout_seconds":5,"pool_recycle_seconds":3600},
            "current_state":{"checked_out":11,"overflow_count":0,"total_capacity":20},
            "usage":{"percent":55,"available_connections":9,"status":"warning"},
            "recommendations":["Watch it: more than half of the connections are in use."]}
            """.ReplaceLineEndings(""),
            JsonSerializer.Serialize(report));
    }

    [Fact]
    public async Task HealthPool_OverHttp_IsOpenAndShowsTheRealPool()
    {
        // With a key, and without showing it: as /health, it is for load balancers.
        await using ApiHost host = await ApiHost.StartAsync(new() { ["Api:Key"] = "a-key-of-some-length" });
        await using NpgsqlConnection one = await host.Database.App.OpenConnectionAsync();
        await using NpgsqlConnection two = await host.Database.App.OpenConnectionAsync();

        (HttpStatusCode status, JsonElement body) = await host.GetAsync("/health/pool");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(2, body.GetProperty("current_state").GetProperty("checked_out").GetInt32());
        Assert.Equal(30, body.GetProperty("configuration").GetProperty("pool_size").GetInt32());
        Assert.Equal(60, body.GetProperty("configuration").GetProperty("pool_timeout_seconds").GetInt32());
        Assert.Equal(3_600, body.GetProperty("configuration").GetProperty("pool_recycle_seconds").GetInt32());
        Assert.Equal(28, body.GetProperty("usage").GetProperty("available_connections").GetInt32());
        Assert.Equal("healthy", body.GetProperty("usage").GetProperty("status").GetString());
        Assert.Equal(
            ["status", "timestamp", "configuration", "current_state", "usage", "recommendations"],
            body.EnumerateObject().Select(p => p.Name));
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.GetAsync("/api/v1/operations/jobs")).Status);
    }

    [Fact]
    public async Task HealthPool_Recommendations_AreForCallersWithTheKey()
    {
        const string key = "a-key-of-some-length";
        await using ApiHost host = await ApiHost.StartAsync(new() { ["Api:Key"] = key });
        List<NpgsqlConnection> busy = [];
        for (int n = 0; n < 15; n++) busy.Add(await host.Database.App.OpenConnectionAsync());

        (_, JsonElement stranger) = await host.GetAsync("/health/pool");
        host.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        (_, JsonElement known) = await host.GetAsync("/health/pool");
        foreach (NpgsqlConnection connection in busy) await connection.DisposeAsync();

        Assert.Equal("warning", stranger.GetProperty("status").GetString());
        Assert.Equal(0, stranger.GetProperty("recommendations").GetArrayLength());
        Assert.Equal(1, known.GetProperty("recommendations").GetArrayLength());
    }

    [Fact]
    public async Task ConnectionsLeak_UntilNoneIsLeft_IsDetectedLoggedAndMetered()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        StorageOptions options = database.Options();
        options.ConnectionBudget = 12;
        await using NpgsqlDataSource source = StorageSetup.AppSource(options, loggers: null);
        using PoolUsage usage = new(source);
        List<string> measured = [], logged = [];
        IMeterFactory meters = Instance.Meters();
        using MeterListener listener = Listen(meters, measured);
        ReadPool pool = new(usage, options, TimeProvider.System);
        CheckPool job = new(
            pool, new ReadInstances(source, TimeProvider.System), new PoolMetrics(meters, pool, TimeProvider.System),
            new Lines(logged));
        RunJob run = Instance.Of(source, job);

        Assert.Equal(JobOutcome.Done, (await run.RunAsync(JobNames.CheckPool, false, default)).Outcome);
        Assert.Empty(logged);
        List<NpgsqlConnection> leaked = [];
        for (int n = 0; n < 9; n++) leaked.Add(await source.OpenConnectionAsync());
        Assert.Equal(JobOutcome.Done, (await run.RunAsync(JobNames.CheckPool, false, default)).Outcome);
        leaked.Add(await source.OpenConnectionAsync());
        // It has looked before it waits for a connection, to put the run on record.
        Task<JobRun> full = run.RunAsync(JobNames.CheckPool, false, default);
        listener.RecordObservableInstruments();
        foreach (NpgsqlConnection connection in leaked) await connection.DisposeAsync();
        Assert.Equal(JobOutcome.Done, (await full).Outcome);
        Assert.Equal(JobOutcome.Done, (await run.RunAsync(JobNames.CheckPool, false, default)).Outcome);

        Assert.Equal(
            [
                "Warning: The connection pool is at alert: 9 of 10 are in use",
                "Warning: The connection pool is at degraded: 10 of 10 are in use",
                "Information: The connection pool has recovered: 0 of 10 are in use",
            ],
            logged);
        Assert.Equal(["pool.alerts 1 alert", "pool.alerts 1 degraded", "pool.usage 100"], measured);
    }

    [Fact]
    public async Task Overflow_OfAPoolThatIsUsedUp_IsShownAsItIs()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        StorageOptions options = database.Options();
        (options.PoolSize, options.MaxOverflow) = (2, 3);
        await using NpgsqlDataSource source = StorageSetup.AppSource(options, loggers: null);
        using PoolUsage usage = new(source);
        ReadPool pool = new(usage, options, TimeProvider.System);
        List<NpgsqlConnection> busy = [];
        for (int n = 0; n < 4; n++) busy.Add(await source.OpenConnectionAsync());
        PoolReport report = pool.Run();
        foreach (NpgsqlConnection connection in busy) await connection.DisposeAsync();

        Assert.Equal((2, 3), (report.Configuration.PoolSize, report.Configuration.MaxOverflow));
        Assert.Equal(new PoolState(4, 2, 5), report.CurrentState);
        Assert.Equal((80.0, 1, "warning"), (
            report.Usage.Percent, report.Usage.AvailableConnections, report.Usage.Status));
        Assert.Equal(new PoolState(0, 0, 5), pool.Run().CurrentState);
    }

    [Fact]
    public async Task Usage_OtherPools_AreNotCounted()
    {
        await using TestDatabase one = await TestDatabase.CreateAsync(), other = await TestDatabase.CreateAsync();
        using PoolUsage usage = new(one.App);
        await using NpgsqlConnection theirs = await other.App.OpenConnectionAsync();
        Assert.Equal(0, usage.CheckedOut());
        await using (NpgsqlConnection mine = await one.App.OpenConnectionAsync()) Assert.Equal(1, usage.CheckedOut());
        Assert.Equal(0, usage.CheckedOut());
    }

    private static MeterListener Listen(IMeterFactory meters, List<string> measured)
    {
        MeterListener listener = new()
        {
            InstrumentPublished = (i, l) =>
            {
                // Other tests have meters of that name.
                if (i.Meter.Name == PoolMetrics.MeterName && i.Meter.Scope == meters) l.EnableMeasurementEvents(i);
            },
        };
        listener.SetMeasurementEventCallback<long>((i, n, tags, _) => measured.Add($"{i.Name} {n} {tags[0].Value}"));
        listener.SetMeasurementEventCallback<double>((i, n, _, _) => measured.Add($"{i.Name} {n}"));
        listener.Start();
        return listener;
    }

    private sealed class Lines(List<string> logged) : ILogger<CheckPool>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => logged.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
