using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Vellarys.Jobs;
using Vellarys.Messaging;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Infra;

/// <summary>
/// Each alert looks at something that is really emitted, reaches somebody, and has its line in the runbook.
/// </summary>
[Collection(nameof(Deployment))]
public sealed partial class AlertTests
{
    private const string OfAzure = "Microsoft.Insights/metricAlerts";
    private const string OfTheApp = "Microsoft.Insights/scheduledQueryRules";

    // What Azure measures for each of the resources, as far as rules use it.
    private static readonly Dictionary<string, string[]> Measured = new()
    {
        ["Microsoft.ServiceBus"] = ["ActiveMessages", "DeadletteredMessages"],
        ["Microsoft.DBforPostgreSQL"] =
        [
            "active_connections", "cpu_percent", "disk_iops_consumed_percentage", "is_db_alive", "memory_percent",
            "storage_percent",
        ],
        ["Microsoft.Cache"] = ["serverLoad", "usedmemorypercentage"],
        ["Microsoft.CognitiveServices"] = ["AzureOpenAIRequests", "TokenTransaction"],
    };

    private static Deployment Small => Deployment.Of(
        "small", "alertEmail=operators@example.com", "alertWebhook=https://pager.example.com/hook");

    [Fact]
    public void Rules_OfTheApp_LookAtMetricsThatTheCodeEmits()
    {
        string code = string.Concat(Sources.CSharp("Engine", "Functions").Select(f => f.Text));
        HashSet<string> emitted = [.. Instrument().Matches(code).Select(m => m.Groups["name"].Value)];
        string[] used = [.. Queries().SelectMany(q => Metrics(q.Query))];
        Assert.NotEmpty(used);
        Assert.Empty(used.Except(emitted));
    }

    [Fact]
    public void Rules_OfTheApp_LookAtTracesThatTheCodeMakes()
    {
        // A handler's span is named after its queue.
        string[] spans = [.. Queries()
            .Where(q => q.Query.Contains("AppRequests", StringComparison.Ordinal))
            .Select(q => SpanName().Match(q.Query).Groups["name"].Value)];
        Assert.NotEmpty(spans);
        Assert.All(spans, s => Assert.Contains(s, Queues.All));
    }

    [Fact]
    public void Rules_OfTheApp_NameTagsThatTheCodeSets()
    {
        string code = string.Concat(Sources.CSharp("Engine", "Functions").Select(f => f.Text));
        Assert.All(
            Queries().SelectMany(q => Property().Matches(q.Query)).Select(m => m.Groups["name"].Value).Distinct(),
            tag => Assert.Contains($"\"{tag}\"", code, StringComparison.Ordinal));
        Assert.All(
            (string[])["unavailable", "no_room", "backlog", "unrouted_full", "unauthorized"],
            reason => Assert.Contains($"\"{reason}\"", code, StringComparison.Ordinal));
    }

    [Fact]
    public void Rule_OfLateJobs_GivesEachTwoIntervalsOrAnHour()
    {
        // A tick that came late and is passed over leaves two intervals between two runs.
        static double Least(JobSchedule job) => job.Late == LateRun.Skip
            ? 2 * job.Every.TotalSeconds
            : Math.Min(2 * job.Every.TotalSeconds, job.Every.TotalSeconds + 3_600);

        string query = Queries().Single(q => q.Name == "job-late").Query;
        Assert.All(JobSchedules.All.Concat(JobSchedules.Outside), job => Assert.True(
            Allowed(query, job.Name) >= Least(job),
            $"{job.Name} every {job.Every} is late after {Allowed(query, job.Name)} s"));
        Assert.All(
            Quoted().Matches(query).Select(m => m.Groups["name"].Value).Where(n => n.Contains('-')),
            name => Assert.Contains(name, JobSchedules.All.Concat(JobSchedules.Outside).Select(s => s.Name)));
    }

    // The age of what waits in the queues is another matter: a campaign makes it, and nobody has to be woken.
    [Fact]
    public void Rule_OfTheOutbox_LooksAtTheOutboxAlone() => Assert.Equal(
        ["outbox.oldest"], Metrics(Queries().Single(q => q.Name == "outbox-waits").Query));

    [Fact]
    public void Rule_OfRefusedWebhooks_TellsTheReason() => Assert.Equal(
        ["Split", "Reason"],
        Criterion(Small.Where(OfTheApp).Single(r => r.Name == "webhooks-refused"))["dimensions"]!.AsArray()
            .Select(d => d!["name"]!.ToString()));

    [Fact]
    public void Rules_OfRedis_LookAtMemoryAndAtWhatItEvicts()
    {
        Assert.Equal(
            "usedmemorypercentage",
            Criterion(Small.Where(OfAzure).Single(r => r.Name == "redis-memory"))["metricName"]!.ToString());
        Assert.Equal(["redis.evicted"], Metrics(Queries().Single(q => q.Name == "redis-evicts").Query));
    }

    [Fact]
    public void Rules_OfAzure_LookAtMetricsThatItMeasures() => Assert.All(Small.Where(OfAzure), rule =>
    {
        string provider = rule["properties.scopes"]![0]!.ToString().Split('/')[0];
        Assert.Contains(Criterion(rule)["metricName"]!.ToString(), Measured[provider]);
    });

    [Fact]
    public void Rules_Each_TellsSomebodyWhat() => Assert.All(
        Small.Where(OfAzure).Concat(Small.Where(OfTheApp)), rule =>
        {
            string actions = rule["properties.actions"]!.ToJsonString();
            Assert.Contains("actionGroups", actions, StringComparison.OrdinalIgnoreCase);
            Assert.NotEmpty(rule["properties.description"]!.ToString());
            Assert.Equal("true", rule["properties.enabled"]!.ToString());
        });

    [Fact]
    public void Group_WithAddresses_ReachesThem()
    {
        ArmResource group = Small.Single("Microsoft.Insights/actionGroups");
        Assert.Equal(
            "operators@example.com", group["properties.emailReceivers"]![0]!["emailAddress"]!.ToString());
        Assert.Equal(
            "https://pager.example.com/hook", group["properties.webhookReceivers"]![0]!["serviceUri"]!.ToString());
        Assert.Empty(Deployment.Of("small").Single("Microsoft.Insights/actionGroups")
            ["properties.emailReceivers"]!.AsArray());
    }

    [Fact]
    public void Runbook_Rows_AreTheRules() => Assert.Equal(
        Small.Where(OfAzure).Concat(Small.Where(OfTheApp)).Select(r => r.Name).Order(StringComparer.Ordinal),
        AzureDocument.Rows("Alarms").Select(r => r[0].Trim('`')).Order(StringComparer.Ordinal));

    [Fact]
    public void Thresholds_OfTheChecklist_Hold()
    {
        Assert.Equal(100, Threshold("queue-depth"));
        Assert.Equal(0, Threshold("dead-letters-stay"));
        Assert.Equal(70, Threshold("database-cpu"));
        Assert.Equal(85, Threshold("database-memory"));
        Assert.Equal(844 * 8 / 10, Threshold("database-connections"));
        Assert.Equal((85, 0), (Threshold("redis-memory"), Threshold("redis-evicts")));
        Assert.Equal(5_000, Threshold("replies-slow"));
        Assert.Equal(500, Threshold("statements-slow"));
        Assert.Equal(1, Threshold("error-rate"));
        Assert.Equal(100_000 * 5 * 8 / 10, Threshold("model-quota"));
    }

    private static IEnumerable<(string Name, string Query)> Queries() =>
        Small.Where(OfTheApp).Select(r => (r.Name, Criterion(r)["query"]!.ToString()));

    private static JsonNode Criterion(ArmResource rule) => rule["properties.criteria.allOf"]![0]!;

    private static double Threshold(string name) => Criterion(
        Small.Where(OfAzure).Concat(Small.Where(OfTheApp)).Single(r => r.Name == name))["threshold"]!.GetValue<long>();

    private static IEnumerable<string> Metrics(string query) =>
        query.Contains("AppMetrics", StringComparison.Ordinal)
            ? Quoted().Matches(query).Select(m => m.Groups["name"].Value).Where(n => n.Contains('.'))
            : [];

    private static int Allowed(string query, string job)
    {
        string[] lines = query.Split('\n');
        string line = lines.FirstOrDefault(l => l.Contains($"\"{job}\"", StringComparison.Ordinal))
            ?? lines.Single(l => l.TrimStart().StartsWith("600", StringComparison.Ordinal));
        return int.Parse(Figure().Match(line).Value, null);
    }

    [GeneratedRegex(@"Create(Counter|Histogram|ObservableGauge)(<\w+>)?\(\s*""(?<name>[\w.]+)""")]
    private static partial Regex Instrument();

    [GeneratedRegex(@"""(?<name>[\w.-]+)""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"where Name == ""(?<name>[\w-]+)""")]
    private static partial Regex SpanName();

    [GeneratedRegex(@"Properties\[""(?<name>\w+)""\]")]
    private static partial Regex Property();

    [GeneratedRegex(@"\d+(?=,?\)?$)")]
    private static partial Regex Figure();
}
