using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Jobs;
using Vellarys.Tests.Accounts;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Jobs;

public sealed class JobEndpointsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DateTime Now = new(2026, 2, 1, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(null, 0, 0, "never", false)]
    [InlineData(null, 0, 5, "never", true)]
    [InlineData(null, 2, 0, "failing", false)]
    [InlineData(3, 0, 100, "ok", false)]
    [InlineData(5, 0, 3, "ok", false)]
    [InlineData(5, 0, 5, "late", true)]
    [InlineData(5, 9, 5, "failing", true)]
    [InlineData(1, 1, 5, "failing", false)]
    public void Judge_AgeFailuresUptime_GiveTheWord(
        int? successAgo, int failures, int uptime, string word, bool isOverdue)
    {
        JobState state = new(
            "job", LastSucceededAt: successAgo is { } ago ? Now - (ago * Minute) : null,
            ConsecutiveFailures: failures, ReadAt: Now);
        JobSchedule schedule = new("job", Minute, "", LateRun.Skip);
        JobReport report = ListJobs.Judge(schedule, state, uptime * Minute);
        Assert.Equal((word, isOverdue), (report.Word, report.IsOverdue));
    }

    [Fact]
    public async Task Jobs_AfterARun_AreListedWithWhatIsOnRecord()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.Services.GetRequiredService<RunJob>().RunAsync(JobNames.WatchCustody, false, default);

        (HttpStatusCode status, JsonElement body) = await host.GetAsync("/api/v1/operations/jobs");
        JsonElement[] items = [.. body.GetProperty("items").EnumerateArray()];
        JsonElement watch = items.Single(i => i.GetProperty("name").GetString() == JobNames.WatchCustody);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(JobSchedules.All.Count, items.Length);
        Assert.Equal("ok", watch.GetProperty("state").GetString());
        Assert.Equal(60, watch.GetProperty("intervalSeconds").GetInt64());
        Assert.True(watch.GetProperty("lastSucceededAt").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        Assert.Equal(0, watch.GetProperty("consecutiveFailures").GetInt32());
        Assert.Equal(16, items.Count(i => i.GetProperty("state").GetString() == "never"));
    }

    [Fact]
    public async Task Health_JobLongWithoutSuccess_IsDegradedOnceTheProcessIsUpThatLong()
    {
        ManualTime time = new();
        await using ApiHost host = await ApiHost.StartAsync(
            services: s => s.AddSingleton(new Uptime(time, time.GetTimestamp())));
        Assert.Equal("up", await StateAsync(host));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("late", await StateAsync(host));
    }

    [Fact]
    public void Metrics_RunsAndAges_AreMeasuredForEachJob()
    {
        ManualTime time = new();
        List<string> seen = [];
        IMeterFactory meters = Instance.Meters();
        using MeterListener listener = new()
        {
            InstrumentPublished = (i, l) =>
            {
                if (i.Meter.Name == JobMetrics.MeterName && i.Meter.Scope == meters) l.EnableMeasurementEvents(i);
            },
        };
        listener.SetMeasurementEventCallback<long>((i, n, tags, _) => Add(i.Name, n, tags));
        listener.SetMeasurementEventCallback<double>((i, n, tags, _) => Add(i.Name, n, tags));
        listener.Start();
        JobMetrics metrics = new(meters, time);
        metrics.Succeeded("a", TimeSpan.FromSeconds(30));
        metrics.Ran("a", JobOutcome.NotDue);
        metrics.Ran("b", JobOutcome.Failed);
        time.Advance(TimeSpan.FromSeconds(12));
        listener.RecordObservableInstruments();

        Assert.Contains("job.runs 1 a not_due", seen);
        Assert.Contains("job.runs 1 b failed", seen);
        Assert.Contains("job.seconds_since_success 42 a", seen);
        Assert.Contains("job.seconds_since_success 12 b", seen);

        void Add(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            seen.Add(string.Join(' ', [name, $"{value}", .. tags.ToArray().Select(t => $"{t.Value}")]));
    }

    private static async Task<string?> StateAsync(ApiHost host) =>
        (await host.GetAsync("/health")).Body
            .GetProperty("dependencies").GetProperty("jobs").GetProperty("state").GetString();
}
