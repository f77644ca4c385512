using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Accounts.Teams;

public sealed class TeamEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;
    private TenantId _tenant;

    public async Task InitializeAsync()
    {
        _host = await ApiHost.StartAsync();
        _tenant = await _host.Rows.TenantAsync();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Name_TakenWhateverItsCase_IsRefused()
    {
        Guid sales = await TeamAsync("Vendas"), support = await TeamAsync("Suporte");
        (HttpStatusCode created, JsonElement why) = await _host.PostAsync("/api/v1/teams", new { name = " VENDAS " });
        (HttpStatusCode renamed, _) = await RenameAsync(support, "vendas");
        (HttpStatusCode own, JsonElement now) = await RenameAsync(sales, "VENDAS");

        Assert.Equal((HttpStatusCode.Conflict, "team_name_taken"), (created, why.GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.Conflict, renamed);
        Assert.Equal((HttpStatusCode.OK, "VENDAS"), (own, now.GetProperty("name").GetString()));
        Assert.Equal(["VENDAS", "Suporte"], (await TeamsAsync()).Select(t => t.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Name_SameInAnotherTenant_IsFree()
    {
        TenantId other = await _host.Rows.TenantAsync("Outra");
        (HttpStatusCode first, _) = await _host.PostAsync("/api/v1/teams", new { name = "Vendas" }, _tenant);
        (HttpStatusCode second, _) = await _host.PostAsync("/api/v1/teams", new { name = "Vendas" }, other);
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first, second));
    }

    [Fact]
    public async Task Members_ComeAndGo_AndHandoffsLookAgain()
    {
        Guid team = await TeamAsync("Vendas"), bia = await AgentAsync("Bia"), rui = await AgentAsync("Rui");
        string members = $"/api/v1/teams/{team}/members";
        foreach (Guid agent in new[] { bia, rui, bia })
        {
            (HttpStatusCode put, _) = await _host.SendAsync(HttpMethod.Put, $"{members}/{agent}", null);
            Assert.Equal(HttpStatusCode.NoContent, put);
        }

        Assert.Equal([bia, rui], Members(Assert.Single(await TeamsAsync())));
        Assert.Equal(2, await HintsAsync());
        (_, JsonElement agentRow) = await _host.GetAsync($"/api/v1/agents/{bia}");
        Assert.Equal(team, agentRow.GetProperty("teams")[0].GetGuid());

        (HttpStatusCode gone, _) = await _host.SendAsync(HttpMethod.Delete, $"{members}/{bia}", null);
        (HttpStatusCode again, JsonElement why) = await _host.SendAsync(HttpMethod.Delete, $"{members}/{bia}", null);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (gone, again));
        Assert.Equal("member_not_found", why.GetProperty("code").GetString());
        Assert.Equal([rui], Members(Assert.Single(await TeamsAsync())));
        Assert.Equal(3, await HintsAsync());
    }

    [Fact]
    public async Task Delete_Team_LeavesItsMembers()
    {
        Guid team = await TeamAsync("Vendas"), bia = await AgentAsync("Bia");
        await _host.SendAsync(HttpMethod.Put, $"/api/v1/teams/{team}/members/{bia}", null);
        (HttpStatusCode gone, _) = await _host.SendAsync(HttpMethod.Delete, $"/api/v1/teams/{team}", null);
        (HttpStatusCode again, _) = await _host.SendAsync(HttpMethod.Delete, $"/api/v1/teams/{team}", null);

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (gone, again));
        Assert.Empty(await TeamsAsync());
        Assert.Equal(HttpStatusCode.OK, (await _host.GetAsync($"/api/v1/agents/{bia}")).Status);
        Assert.Equal(2, await HintsAsync());
    }

    [Fact]
    public async Task OtherTenantOrNobody_Everything_IsNotFound()
    {
        Guid team = await TeamAsync("Vendas"), bia = await AgentAsync("Bia"), nobody = Guid.Empty;
        TenantId other = await _host.Rows.TenantAsync("Outra");
        string[] codes =
        [
            await CodeAsync(HttpMethod.Put, $"{team}", other, new { name = "x" }),
            await CodeAsync(HttpMethod.Delete, $"{team}", other),
            await CodeAsync(HttpMethod.Put, $"{team}/members/{bia}", other),
            await CodeAsync(HttpMethod.Delete, $"{team}/members/{bia}", other),
            await CodeAsync(HttpMethod.Put, $"{nobody}/members/{bia}", _tenant),
            await CodeAsync(HttpMethod.Put, $"{team}/members/{nobody}", _tenant),
        ];
        Assert.Equal(
            ["team_not_found", "team_not_found", "team_not_found", "member_not_found", "team_not_found",
                "agent_not_found"],
            codes);
        Assert.Equal(0, await HintsAsync());
    }

    private async Task<string> CodeAsync(HttpMethod method, string path, TenantId tenant, object? body = null)
    {
        (HttpStatusCode status, JsonElement problem) = await _host.SendAsync(
            method, "/api/v1/teams/" + path, tenant, body is null ? null : JsonContent.Create(body));
        Assert.Equal(HttpStatusCode.NotFound, status);
        return problem.GetProperty("code").GetString()!;
    }

    private async Task<Guid> TeamAsync(string name) =>
        (await _host.PostAsync("/api/v1/teams", new { name })).Body.GetProperty("id").GetGuid();

    private async Task<Guid> AgentAsync(string name) =>
        (await _host.PostAsync("/api/v1/agents", new { name })).Body.GetProperty("id").GetGuid();

    private Task<(HttpStatusCode Status, JsonElement Body)> RenameAsync(Guid team, string name) =>
        _host.SendAsync(HttpMethod.Put, $"/api/v1/teams/{team}", null, JsonContent.Create(new { name }));

    private async Task<JsonElement[]> TeamsAsync() =>
        [.. (await _host.GetAsync("/api/v1/teams")).Body.GetProperty("items").EnumerateArray()];

    private static IEnumerable<Guid> Members(JsonElement team) =>
        team.GetProperty("members").EnumerateArray().Select(m => m.GetGuid());

    private async Task<int> HintsAsync()
    {
        await using NpgsqlCommand command = _host.Database.Owner.CreateCommand(
            "select count(*)::int from queue_messages where queue = 'flow-events' and body like '%dispatch%'");
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
