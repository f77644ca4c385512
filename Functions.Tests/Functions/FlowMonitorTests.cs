using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using Dapper;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Npgsql;
using Vellarys.Flows.Kernel;
using Vellarys.Functions.Flows;
using Vellarys.Jobs;
using Xunit;

namespace Vellarys.Tests.Functions;

/// <summary>
/// Rows and Durable's instances side by side over HTTP, and what mends them, in the app's own composition.
/// </summary>
public sealed class FlowMonitorTests : IAsyncLifetime, IDisposable
{
    private const string Kind = "reengagement";
    private FunctionsWorld _world = null!;
    private HttpClient _http = null!;
    private FlowPlace _flow = null!;

    private DurableTaskClient Durable => _world.Host.Durable;

    private string Instance => FlowInstances.IdOf(_flow);

    public async Task InitializeAsync()
    {
        _world = await FunctionsWorld.OpenAsync();
        _http = new HttpClient { BaseAddress = _world.Host.Address };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", FunctionsWorld.ApiKey);
        await _world.Customers.WriteAsync("5511987654321", "wamid.1", "Oi! [ref:1]");
        await _world.RestAsync(1);
        _flow = await StartAsync();
        await TimerAsync();
        await StartedAsync();
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("failed")]
    [InlineData("terminated")]
    [InlineData("missing")]
    public async Task Instance_GoneUnderARunningFlow_IsFoundAndTheTimerMendsIt(string how)
    {
        Assert.Equal(("running", null), await LookAsync());
        await BreakAsync(how);

        Assert.Equal((how, "not_running"), await LookAsync());
        await TimerAsync();

        await StartedAsync();
        Assert.Equal(("running", null), await LookAsync());
    }

    [Fact]
    public async Task Instance_SuspendedAndRestartedByAnOperator_IsAnother()
    {
        DateTimeOffset first = (await Durable.GetInstanceAsync(Instance))!.CreatedAt;
        await Durable.SuspendInstanceAsync(Instance);
        await UntilAsync("suspended");
        Assert.Equal(("suspended", "suspended"), await LookAsync());

        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("restart")).Status);

        await UntilAsync("running");
        Assert.NotEqual(first, (await Durable.GetInstanceAsync(Instance))!.CreatedAt);
    }

    [Fact]
    public async Task Instance_PurgedByAnOperator_IsForgottenUntilTheTimerBringsAnother()
    {
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("purge")).Status);
        Assert.Null(await Durable.GetInstanceAsync(Instance));
        Assert.Equal(("missing", "not_running"), await LookAsync());

        await TimerAsync();
        await StartedAsync();
    }

    [Fact]
    public async Task Operator_AfterTheFlowsEnd_RestartsNothing()
    {
        await using NpgsqlConnection owner = await _world.Database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync("update flows set ended_at = now(), outcome = 'ended'");

        Assert.Equal((HttpStatusCode.NotFound, "flow_not_found"), await PostAsync("restart"));
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("purge")).Status);
        Assert.Equal(("missing", null), await LookAsync());
    }

    // Its wake-up is lost.
    private async Task<FlowPlace> StartAsync()
    {
        await using NpgsqlConnection owner = await _world.Database.Owner.OpenConnectionAsync();
        (Guid tenant, Guid conversation) = await owner.QuerySingleAsync<(Guid, Guid)>(
            "select tenant_id, id from conversations");
        FlowId? started = await new StartFlow(_world.Database.App).RunAsync(
            new TenantId(tenant), Kind, new ConversationId(conversation), "{}", CancellationToken.None);
        await owner.ExecuteAsync("delete from queue_messages where queue = 'flow-events'");
        return new FlowPlace(tenant, started!.Value.Value, Kind);
    }

    // Ten minutes after the last time.
    private async Task TimerAsync()
    {
        await using NpgsqlConnection owner = await _world.Database.Owner.OpenConnectionAsync();
        await owner.ExecuteAsync("delete from job_runs");
        MethodInfo timer = Triggers.All["Job" + nameof(JobNames.ReconcileFlows)];
        await (Task)timer.Invoke(
            _world.Host.Instance(timer), [new TimerInfo(), Durable, CancellationToken.None])!;
    }

    private async Task StartedAsync()
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
        await Durable.WaitForInstanceStartAsync(Instance, patience.Token);
    }

    private async Task BreakAsync(string how)
    {
        await Durable.TerminateInstanceAsync(Instance);
        await Durable.UntilAsync(Instance, OrchestrationRuntimeStatus.Terminated);
        if (how == "terminated") return;
        await Durable.PurgeInstanceAsync(Instance);
        if (how == "missing") return;
        await Durable.ScheduleNewOrchestrationInstanceAsync(
            Kind, "not the place of a flow", new StartOrchestrationOptions(Instance));
        await Durable.UntilAsync(Instance, OrchestrationRuntimeStatus.Failed);
    }

    private async Task<(string? Status, string? Finding)> LookAsync()
    {
        JsonElement page = await _http.GetFromJsonAsync<JsonElement>(
            new Uri($"/api/v1/operations/flows?name={Kind}", UriKind.Relative));
        JsonElement row = Assert.Single(page.GetProperty("items").EnumerateArray().ToArray());
        Assert.Equal(_flow.Flow, row.GetProperty("id").GetGuid());
        return Read(row.GetProperty("instance"));
    }

    private async Task UntilAsync(string status)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
        while (true)
        {
            JsonElement found = await _http.GetFromJsonAsync<JsonElement>(
                new Uri($"/api/v1/operations/flows/{_flow.Flow}", UriKind.Relative), patience.Token);
            if (Read(found.GetProperty("flow").GetProperty("instance")).Status == status) return;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private async Task<(HttpStatusCode Status, string? Code)> PostAsync(string what)
    {
        HttpResponseMessage answer = await _http.PostAsync(
            new Uri($"/api/v1/operations/flows/{_flow.Flow}/{what}", UriKind.Relative), null);
        if (answer.IsSuccessStatusCode) return (answer.StatusCode, null);
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, problem.GetProperty("code").GetString());
    }

    private static (string? Status, string? Finding) Read(JsonElement instance) => (
        instance.GetProperty("status").GetString(),
        instance.TryGetProperty("finding", out JsonElement finding) ? finding.GetString() : null);
}
