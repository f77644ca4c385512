using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Vellarys.Flows.Kernel;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Flows;

/// <summary>What an operator and an agent see and do over HTTP.</summary>
public sealed class FlowEndpointsTests : IAsyncLifetime
{
    private const string Flows = "/api/v1/operations/flows";
    private ApiHost _host = null!;
    private TenantId _tenant;
    private ConversationId _conversation;

    public async Task InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _tenant = await _host.Rows.TenantAsync();
        _conversation = await _host.Rows.ConversationAsync(_tenant, await _host.Rows.ChannelAsync(_tenant));
        await RunAsync("update conversations set status = 'waiting', handoff_reason = 'customer_asked'");
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task List_Running_ShowsTheFlowAndItsHistoryWithoutTexts()
    {
        FlowId flow = await AdvanceAsync();
        (HttpStatusCode status, JsonElement page) = await _host.GetAsync($"{Flows}?name=handoff&state=running");
        JsonElement row = Assert.Single(page.GetProperty("items").EnumerateArray().ToArray());
        (_, JsonElement detail) = await _host.GetAsync($"{Flows}/{flow}");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(flow.Value, row.GetProperty("id").GetGuid());
        Assert.Equal(
            ["charge_changed", "raised"],
            detail.GetProperty("history").EnumerateArray().Select(e => e.GetProperty("kind").GetString()!));
    }

    [Theory]
    [InlineData("state=sleeping")]
    [InlineData("state=running,ended")]
    [InlineData("name=siesta")]
    [InlineData("conversation=x")]
    public async Task List_BadFilter_IsRefusedByName(string query)
    {
        (HttpStatusCode status, JsonElement problem) = await _host.GetAsync($"{Flows}?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            query.Split('=')[0], problem.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task Cancel_WaitingHandoff_EndsItAndTheBotIsInCharge()
    {
        FlowId flow = await AdvanceAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await _host.PostAsync($"{Flows}/{flow}/cancel")).Status);
        await AdvanceAsync();
        Assert.Equal("cancelled", await ScalarAsync("select outcome from flows"));
        Assert.Equal("bot", await ScalarAsync("select status from conversations"));
        Assert.Equal(HttpStatusCode.NotFound, (await _host.PostAsync($"{Flows}/{flow}/cancel")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.PostAsync($"{Flows}/{flow}/retry")).Status);
    }

    [Fact]
    public async Task Instance_OnAHostWithoutThem_IsSaidToBeNone()
    {
        FlowId flow = await AdvanceAsync();
        (_, JsonElement page) = await _host.GetAsync(Flows);
        JsonElement row = Assert.Single(page.GetProperty("items").EnumerateArray().ToArray());
        TenantId other = await _host.Rows.TenantAsync("Outra");

        Assert.True(!row.TryGetProperty("instance", out JsonElement instance)
            || instance.ValueKind == JsonValueKind.Null);
        foreach (string what in (string[])["restart", "purge"])
        {
            (HttpStatusCode status, JsonElement problem) = await _host.PostAsync(
                $"{Flows}/{flow}/{what}", null, _tenant);
            Assert.Equal(
                (HttpStatusCode.Conflict, "no_instances"), (status, problem.GetProperty("code").GetString()));
            (status, _) = await _host.PostAsync($"{Flows}/{flow}/{what}", null, other);
            Assert.Equal(HttpStatusCode.NotFound, status);
        }
    }

    [Fact]
    public async Task Standstill_OfALostHint_IsListedWithItsAge()
    {
        await RunAsync("delete from queue_messages; update flow_events set happened_at = now() - interval '1 hour'");
        (_, JsonElement found) = await _host.GetAsync($"{Flows}/standstills");
        JsonElement row = Assert.Single(found.GetProperty("items").EnumerateArray().ToArray());
        Assert.Equal("signal_unseen", row.GetProperty("kind").GetString());
        Assert.InRange(row.GetProperty("ageSeconds").GetInt64(), 3_500, 4_500);
    }

    [Fact]
    public async Task Handoffs_OtherTenant_SeesAndTouchesNothing()
    {
        FlowId flow = await AdvanceAsync();
        TenantId other = await _host.Rows.TenantAsync("Outra");
        (_, JsonElement waiting) = await _host.GetAsync("/api/v1/handoffs", other);
        Assert.Equal(0, waiting.GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, (await _host.GetAsync($"{Flows}/{flow}", other)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.PostAsync($"{Flows}/{flow}/cancel", null, other)).Status);
    }

    [Fact]
    public async Task Accept_UnknownAgent_IsRefusedByName()
    {
        (HttpStatusCode status, JsonElement problem) = await _host.PostAsync(
            $"/api/v1/conversations/{_conversation}/accept", new { agentId = Ids.New(TimeProvider.System) }, _tenant);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("agentId", problem.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    private async Task<FlowId> AdvanceAsync()
    {
        var flow = new FlowId(Guid.Parse(await ScalarAsync("select id::text from flows")));
        await _host.Services.GetRequiredService<AdvanceFlow>().RunAsync(_tenant, flow, null, CancellationToken.None);
        return flow;
    }

    private async Task RunAsync(string sql)
    {
        await using NpgsqlCommand command = _host.Database.Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<string> ScalarAsync(string sql)
    {
        await using NpgsqlCommand command = _host.Database.Owner.CreateCommand(sql);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
