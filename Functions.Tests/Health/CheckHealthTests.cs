using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Assistant.Model;
using Vellarys.Health;
using Vellarys.Jobs;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Health;

public sealed class CheckHealthTests
{
    [Fact]
    public async Task Health_DatabaseUp_Is200WithItsLatency()
    {
        await using ApiHost host = await ApiHost.StartAsync();

        (HttpStatusCode status, JsonElement body) = await host.GetAsync("/health");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("healthy", body.GetProperty("status").GetString());
        Assert.True(body.GetProperty("timestamp").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        JsonElement database = body.GetProperty("dependencies").GetProperty("database");
        Assert.Equal("up", database.GetProperty("state").GetString());
        Assert.True(database.GetProperty("figures").GetProperty("latencyMs").GetInt64() >= 0);
    }

    [Fact]
    public async Task Health_DatabaseUnreachable_Is503WithoutSecrets()
    {
        await using NpgsqlDataSource nowhere = NpgsqlDataSource.Create(
            "Host=127.0.0.1;Port=1;Username=someone;Password=hush-hush;Database=x");
        await using ApiHost host = await ApiHost.StartAsync(services: s => s.AddSingleton(nowhere));

        using HttpResponseMessage response = await host.Client.GetAsync("/health");
        string text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("unhealthy", JsonElement.Parse(text).GetProperty("status").GetString());
        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
        Assert.DoesNotContain("someone", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_ProbeThatHangs_IsReportedAsTimeout()
    {
        CheckHealth check = Over(new Probe("stuck", _ => new TaskCompletionSource<DependencyState>().Task),
            new Probe("fine", _ => Task.FromResult(new DependencyState(DependencyLevel.Healthy, "up"))));

        HealthReport report = await check.RunAsync();

        Assert.Equal(DependencyLevel.Unhealthy, report.Status);
        Assert.Equal("timeout", report.Dependencies["stuck"].State);
        Assert.Equal("up", report.Dependencies["fine"].State);
    }

    [Fact]
    public async Task Health_ProbeThatThrows_IsDownAndTheReportStillComes()
    {
        CheckHealth check = Over(new Probe("broken", _ => throw new InvalidOperationException("inside")));

        HealthReport report = await check.RunAsync();

        Assert.Equal("down", report.Dependencies["broken"].State);
    }

    [Fact]
    public async Task Health_JobsCannotBeRead_IsDegradedAndNoReasonToStop()
    {
        await using NpgsqlDataSource nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=u;Database=x");
        ListJobs jobs = new([], new JobRuns(nowhere), new Uptime(TimeProvider.System, 0));

        HealthReport report = await Over(new JobsProbe(jobs)).RunAsync();

        Assert.Equal(DependencyLevel.Degraded, report.Status);
        Assert.Contains(report.Dependencies["jobs"].State, (string[])["down", "timeout"]);
    }

    [Fact]
    public async Task Health_DegradedDependency_DegradesTheWhole()
    {
        CheckHealth check = Over(
            new Probe("model", _ => Task.FromResult(new DependencyState(DependencyLevel.Degraded, "open"))),
            new Probe("fine", _ => Task.FromResult(new DependencyState(DependencyLevel.Healthy, "up"))));

        Assert.Equal(DependencyLevel.Degraded, (await check.RunAsync()).Status);
    }

    [Theory]
    [InlineData(false, CircuitState.Open, "not configured", DependencyLevel.Healthy)]
    [InlineData(true, CircuitState.Closed, "closed", DependencyLevel.Healthy)]
    [InlineData(true, CircuitState.HalfOpen, "half-open", DependencyLevel.Degraded)]
    [InlineData(true, CircuitState.Open, "open", DependencyLevel.Degraded)]
    public async Task Health_Model_IsNeverWorseThanDegraded(
        bool configured, CircuitState circuit, string state, DependencyLevel level)
    {
        var probe = new ModelProbe(new FixedModel(new ModelHealth(configured, circuit, "any")));

        Assert.Equal(new DependencyState(level, state), await probe.CheckAsync(default));
    }

    [Fact]
    public async Task Health_ManyCallersAtOnce_ShareOneCheck()
    {
        int checks = 0;
        var release = new TaskCompletionSource();
        CheckHealth check = Over(new Probe("slow", async _ =>
        {
            Interlocked.Increment(ref checks);
            await release.Task;
            return new DependencyState(DependencyLevel.Healthy, "up");
        }));

        Task<HealthReport>[] callers = [.. Enumerable.Range(0, 20).Select(_ => check.RunAsync())];
        release.SetResult();
        await Task.WhenAll(callers);

        Assert.Equal(1, checks);
    }

    [Fact]
    public async Task Health_OneCallerAfterTheOther_AsksOnceASecond()
    {
        int checks = 0;
        var time = new HeldTime();
        CheckHealth check = Over(time, new Probe("any", _ =>
        {
            Interlocked.Increment(ref checks);
            return Task.FromResult(new DependencyState(DependencyLevel.Healthy, "up"));
        }));
        DateTimeOffset first = (await check.RunAsync()).Timestamp;
        for (int n = 0; n < 50; n++) Assert.Equal(first, (await check.RunAsync()).Timestamp);
        Assert.Equal(1, checks);

        time.At = TimeSpan.FromSeconds(1);
        Assert.NotEqual(first, (await check.RunAsync()).Timestamp);
        Assert.Equal(2, checks);
    }

    [Fact]
    public async Task Health_AllButTheDatabaseItself_IsNoReasonToStopWhereItCannotBeRead()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        IDependencyProbe[] probes = [.. host.Services.GetServices<IDependencyProbe>()];

        Assert.Contains(probes, p => p.Name == "unrouted");
        Assert.Equal(["database"], probes.Where(p => p.OnFailure == DependencyLevel.Unhealthy).Select(p => p.Name));
    }

    private static CheckHealth Over(params IDependencyProbe[] probes) => Over(TimeProvider.System, probes);

    private static CheckHealth Over(TimeProvider time, params IDependencyProbe[] probes) =>
        new(
            probes, new HealthOptions { ProbeCap = TimeSpan.FromSeconds(1) }, time,
            NullLogger<CheckHealth>.Instance);

    private sealed class HeldTime : TimeProvider
    {
        public TimeSpan At { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => At.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + At;
    }

    private sealed record FixedModel(ModelHealth Current) : IModelHealth;

    private sealed class Probe(string name, Func<CancellationToken, Task<DependencyState>> check) : IDependencyProbe
    {
        public string Name => name;

        public DependencyLevel OnFailure => DependencyLevel.Unhealthy;

        public Task<DependencyState> CheckAsync(CancellationToken cancellationToken) => check(cancellationToken);
    }
}
