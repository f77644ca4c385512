using System.Net;
using System.Text.Json;
using Vellarys.Tests.Api;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Operations;

/// <summary>The nine checks, the gate that they keep, and the report of the last days.</summary>
public sealed class DoctorTests : IAsyncLifetime
{
    private readonly string _stamp = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
    private ApiHost _host = null!;

    public async Task InitializeAsync() => _host = await ApiHost.StartAsync(new()
    {
        ["Operations:BackupStamp"] = _stamp,
        ["Operations:Runbook"] = "https://wiki.example/vellarys",
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
    });

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        File.Delete(_stamp);
    }

    [Fact]
    public async Task Doctor_OfASoundInstallation_HasNineChecksAndNoRed()
    {
        await File.WriteAllTextAsync(_stamp, "");
        JsonElement report = await DoctorAsync();
        Assert.Equal(
            ["redis", "limiter", "pool", "indexes", "critical-tests", "error-tracking", "health", "backup", "runbook"],
            report.GetProperty("checks").EnumerateArray().Select(c => Text(c, "check")));
        Assert.Equal("yellow", Text(report, "state"));
        foreach (string check in new[] { "redis", "limiter", "pool", "indexes", "error-tracking", "backup", "runbook" })
            Assert.Equal("green", State(report, check));
        Assert.Equal("unknown", State(report, "critical-tests"));
        Assert.All(
            report.GetProperty("checks").EnumerateArray().Where(c => Text(c, "state") != "green"),
            c => Assert.NotEmpty(Text(c, "action")));
    }

    [Fact]
    public async Task Doctor_WithoutBackupAndIndex_IsRedAndSaysWhatToDo()
    {
        await _host.Rows.RunAsync("drop index ix_deliveries_failed");
        JsonElement report = await DoctorAsync();
        Assert.Equal(("red", "red", "red"), (Text(report, "state"), State(report, "backup"), State(report, "indexes")));
        Assert.Contains("CREATE INDEX CONCURRENTLY", report.GetRawText(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(_stamp, "");
        File.SetLastWriteTimeUtc(_stamp, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-2));
        Assert.Equal("red", State(await DoctorAsync(), "backup"));
    }

    [Theory]
    [InlineData("/api/v1/tenants")]
    [InlineData("/api/v1/onboarding")]
    public async Task FourthCompany_WhileSomethingIsRed_NeedsAReasonThatStaysOnRecord(string path)
    {
        for (int i = 0; i < 3; i++) await _host.Rows.TenantAsync($"Loja {i}");
        (HttpStatusCode status, JsonElement body) = await _host.PostAsync(path, Body(path, null));
        Assert.Equal((HttpStatusCode.Conflict, "not_ready_to_grow"), (status, Text(body, "code")));
        Assert.Equal("backup", Text(Assert.Single(body.GetProperty("errors").EnumerateArray()), "field"));
        Assert.Equal(3, await CountAsync());

        (status, body) = await _host.PostAsync(path, Body(path, "the backup is made by the provider"));
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.OK, body.GetRawText());
        Assert.Equal(
            "tenant.override installation the backup is made by the provider",
            await _host.Rows.ScalarAsync<string>(
                "select concat_ws(' ', action, actor_kind, note) from account_events where note <> ''"));
        await File.WriteAllTextAsync(_stamp, "");
        (status, _) = await _host.PostAsync(path, Body(path, null));
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.OK);
        Assert.Equal(5, await CountAsync());
    }

    [Fact]
    public async Task Report_OfThirtyDays_CountsEachCompanysOwn()
    {
        TenantId tenant = await _host.Rows.TenantAsync("Loja");
        TenantId other = await _host.Rows.TenantAsync("Outra");
        ConversationId conversation = await _host.Rows.ConversationAsync(
            tenant, await _host.Rows.ChannelAsync(tenant));
        await _host.Rows.RunAsync(
            """
            insert into turns (tenant_id, conversation_id, to_turn, from_turn, outcome, reason, input_tokens,
                output_tokens, latency_ms, created_at)
            select $1, $2, n, n, case n when 4 then 'handed_off' else 'replied' end, '', 10, 5, n * 100,
                now() - n * interval '7 days'
            from generate_series(1, 5) n
            """,
            tenant.Value, conversation.Value);
        (HttpStatusCode status, JsonElement report) = await _host.GetAsync("/api/v1/operations/report?days=30");
        Assert.Equal((HttpStatusCode.OK, 30), (status, report.GetProperty("days").GetInt32()));
        JsonElement[] rows = [.. report.GetProperty("tenants").EnumerateArray()];
        JsonElement loja = rows.Single(r => Text(r, "name") == "Loja");
        Assert.Equal(
            (3, 1, 60, 200, 300),
            (Number(loja, "replies"), Number(loja, "handoffs"), Number(loja, "modelTokens"),
                Number(loja, "answerP50Ms"), Number(loja, "answerP95Ms")));
        JsonElement outra = rows.Single(r => Text(r, "tenantId") == other.ToString());
        Assert.Equal(
            (0, JsonValueKind.Null), (Number(outra, "replies"), outra.GetProperty("answerP50Ms").ValueKind));
        (status, _) = await _host.GetAsync("/api/v1/operations/report?days=91");
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task Report_AskedAgain_ReadsNoMessageTwiceAndSaysUntilWhen()
    {
        await _host.Rows.TenantAsync("Loja");
        JsonElement first = (await _host.GetAsync("/api/v1/operations/report?days=30")).Body;
        using var sent = new RoundTrips(_host.Database);
        JsonElement again = (await _host.GetAsync("/api/v1/operations/report?days=30")).Body;
        Assert.DoesNotContain(sent.Sent, s => s.Contains("from messages", StringComparison.Ordinal));
        Assert.Equal(Text(first, "until"), Text(again, "until"));

        // Who came since then is in it, and other days are counted for themselves.
        await _host.Rows.TenantAsync("Outra");
        again = (await _host.GetAsync("/api/v1/operations/report?days=30")).Body;
        Assert.Equal(2, again.GetProperty("tenants").GetArrayLength());
        sent.Take();
        await _host.GetAsync("/api/v1/operations/report?days=7");
        Assert.Equal(2, sent.Sent.Count(s => s.Contains("from messages", StringComparison.Ordinal)));
    }

    private static object Body(string path, string? reason) => path.EndsWith("tenants", StringComparison.Ordinal)
        ? new { name = "Quarta", @override = reason }
        : new { tenant = new { name = "Quarta" }, @override = reason };

    private async Task<JsonElement> DoctorAsync()
    {
        (HttpStatusCode status, JsonElement report) = await _host.GetAsync("/api/v1/operations/doctor");
        Assert.True(status == HttpStatusCode.OK, report.GetRawText());
        return report;
    }

    private async Task<long> CountAsync() =>
        await _host.Rows.ScalarAsync<long>("select count(*) from tenants");

    private static string State(JsonElement report, string check) =>
        Text(report.GetProperty("checks").EnumerateArray().Single(c => Text(c, "check") == check), "state");

    private static string Text(JsonElement body, string name) => body.GetProperty(name).GetString()!;

    private static int Number(JsonElement body, string name) => body.GetProperty(name).GetInt32();
}
