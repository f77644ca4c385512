using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Accounts.Teams;

public sealed class AgentEndpointsTests : IAsyncLifetime
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
    public async Task Create_OnlyAName_TakesTheDefaults()
    {
        (HttpStatusCode status, JsonElement agent) = await _host.PostAsync("/api/v1/agents", new { name = " Bia " });

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(
            ("Bia", "agent", "offline", 5, 0, true),
            (agent.GetProperty("name").GetString(), agent.GetProperty("role").GetString(),
                agent.GetProperty("presence").GetString(), agent.GetProperty("capacity").GetInt32(),
                agent.GetProperty("load").GetInt32(), agent.GetProperty("active").GetBoolean()));
        Assert.Equal(JsonValueKind.Null, agent.GetProperty("hours").ValueKind);
        Assert.False(agent.TryGetProperty("storedHours", out _));
        Assert.Equal(0, agent.GetProperty("skills").GetArrayLength());
    }

    [Fact]
    public async Task CreateAndUpdate_EverythingGiven_IsReadBack()
    {
        object hours = new { days = new { mon = new[] { "08:00-12:00" } }, holidays = new[] { "2026-12-25" } };
        (_, JsonElement created) = await _host.PostAsync("/api/v1/agents", new
        {
            name = "Bia",
            role = "supervisor",
            capacity = 0,
            skills = new[] { "inglês", " sofás ", "inglês" },
            hours,
            notifyUrl = "http://127.0.0.1:9000/hook",
            notifyPhone = "5511990000001",
        });
        string path = $"/api/v1/agents/{created.GetProperty("id").GetGuid()}";
        (_, JsonElement read) = await _host.GetAsync(path);
        (HttpStatusCode status, JsonElement replaced) = await PutAsync(
            path, new { name = "Bia Reis", capacity = 1000 });

        Assert.True(JsonElement.DeepEquals(created, read));
        Assert.Equal("supervisor", read.GetProperty("role").GetString());
        Assert.Equal(["inglês", "sofás"], read.GetProperty("skills").EnumerateArray().Select(s => s.GetString()));
        Assert.True(JsonElement.DeepEquals(JsonSerializer.SerializeToElement(hours), read.GetProperty("hours")));
        Assert.Equal("http://127.0.0.1:9000/hook", read.GetProperty("notifyUrl").GetString());
        Assert.Equal("5511990000001", read.GetProperty("notifyPhone").GetString());
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Bia Reis", replaced.GetProperty("name").GetString());
        Assert.Equal(1000, replaced.GetProperty("capacity").GetInt32());
        Assert.Equal(JsonValueKind.Null, replaced.GetProperty("hours").ValueKind);
    }

    [Fact]
    public async Task List_Load_CountsWhatWaitsForThemOrIsTheirs()
    {
        Guid bia = await AgentAsync("Bia"), rui = await AgentAsync("Rui");
        ChannelId channel = await _host.Rows.ChannelAsync(_tenant);
        int phone = 0;
        foreach (string status in new[] { "waiting", "human", "human", "closed", "bot" })
        {
            ConversationId id = await _host.Rows.ConversationAsync(_tenant, channel, "Ana", $"551199000000{phone++}");
            await _host.Rows.RunAsync(
                "update conversations set status = $2, user_id = $3, epoch = 1 where id = $1", id.Value, status, bia);
        }

        (_, JsonElement page) = await _host.GetAsync("/api/v1/agents");
        Assert.Equal(
            [(bia, 3), (rui, 0)],
            page.GetProperty("items").EnumerateArray()
                .Select(a => (a.GetProperty("id").GetGuid(), a.GetProperty("load").GetInt32())));
    }

    [Fact]
    public async Task List_FiltersAndPages_GiveEachOnce()
    {
        List<Guid> made = [];
        for (int i = 0; i < 5; i++) made.Add(await AgentAsync($"Agente {i}"));
        await PutAsync($"/api/v1/agents/{made[1]}/presence", new { presence = "online" });
        await PutAsync($"/api/v1/agents/{made[2]}", new { name = "Saiu", active = false });
        (_, JsonElement team) = await _host.PostAsync("/api/v1/teams", new { name = "Vendas" });
        string members = $"/api/v1/teams/{team.GetProperty("id").GetGuid()}/members";
        await PutAsync($"{members}/{made[3]}", null);

        List<Guid> seen = [];
        string? next = "";
        while (next is not null)
        {
            string after = next.Length > 0 ? $"&after={next}" : "";
            (_, JsonElement page) = await _host.GetAsync($"/api/v1/agents?limit=2{after}");
            seen.AddRange(Ids(page));
            next = page.GetProperty("next").GetString();
        }

        Assert.Equal(made, seen);
        Assert.Equal([made[1]], Ids((await _host.GetAsync("/api/v1/agents?presence=online,away")).Body));
        Assert.Equal([made[2]], Ids((await _host.GetAsync("/api/v1/agents?active=false")).Body));
        Assert.Equal(
            [made[3]],
            Ids((await _host.GetAsync($"/api/v1/agents?team={team.GetProperty("id").GetGuid()}")).Body));
    }

    [Fact]
    public async Task Presence_Online_MakesHandoffsLookAgain()
    {
        string path = $"/api/v1/agents/{await AgentAsync("Bia")}";
        await PutAsync($"{path}/presence", new { presence = "away" });
        await PutAsync($"{path}/presence", new { presence = "offline" });
        Assert.Equal(0, await HintsAsync());

        (HttpStatusCode status, JsonElement body) = await PutAsync($"{path}/presence", new { presence = "online" });

        Assert.Equal((HttpStatusCode.OK, "online"), (status, body.GetProperty("presence").GetString()));
        Assert.Equal(1, await HintsAsync());
        await using NpgsqlCommand command = _host.Database.Owner.CreateCommand("select body from queue_messages");
        Assert.Equal(
            $$"""{"v":1,"tenant":"{{_tenant}}","errand":"dispatch"}""", await command.ExecuteScalarAsync() as string);
        Assert.Equal("online", (await _host.GetAsync(path)).Body.GetProperty("presence").GetString());
    }

    [Fact]
    public async Task Inactive_IsOfflineAndCannotComeOnline()
    {
        string path = $"/api/v1/agents/{await AgentAsync("Bia")}";
        await PutAsync($"{path}/presence", new { presence = "online" });
        (_, JsonElement left) = await PutAsync(path, new { name = "Bia", active = false });
        (HttpStatusCode status, JsonElement why) = await PutAsync($"{path}/presence", new { presence = "online" });
        (HttpStatusCode offline, _) = await PutAsync($"{path}/presence", new { presence = "offline" });

        Assert.Equal("offline", left.GetProperty("presence").GetString());
        Assert.Equal((HttpStatusCode.Conflict, "agent_inactive"), (status, why.GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.OK, offline);
    }

    [Theory]
    [InlineData("""{"name":"Beatriz","capacity":5,"skills":["a"]}""", 0)]
    [InlineData("""{"name":"Bia","capacity":4,"skills":["a"]}""", 0)]
    [InlineData("""{"name":"Bia","capacity":6,"skills":["a"]}""", 1)]
    [InlineData("""{"name":"Bia","skills":["a","b"]}""", 1)]
    [InlineData("""{"name":"Bia","skills":["a"],"hours":{"days":{"mon":["08:00-12:00"]}}}""", 1)]
    [InlineData("""{"name":"Bia","skills":["a"],"role":"supervisor"}""", 1)]
    public async Task Update_MoreThanBefore_MakesHandoffsLookAgain(string body, int hints)
    {
        (_, JsonElement agent) = await _host.PostAsync(
            "/api/v1/agents", new { name = "Bia", capacity = 5, skills = new[] { "a" } });
        (HttpStatusCode status, _) = await _host.SendAsync(
            HttpMethod.Put, $"/api/v1/agents/{agent.GetProperty("id").GetGuid()}", null,
            new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal((HttpStatusCode.OK, hints), (status, await HintsAsync()));
    }

    [Fact]
    public async Task Notifications_UnreadThenRead_LatestFirst()
    {
        Guid agent = await AgentAsync("Bia"), other = await AgentAsync("Rui");
        List<Guid> told = [];
        for (int i = 0; i < 3; i++)
        {
            told.Insert(0, Vellarys.Ids.New(TimeProvider.System));
            await _host.Rows.RunAsync(
                """
                insert into notifications (tenant_id, id, agent_id, kind, body, created_at)
                values ($1, $2, $3, 'offer', '{"waits": 5}', clock_timestamp())
                """,
                _tenant.Value, told[0], agent);
        }

        string path = $"/api/v1/agents/{agent}/notifications";
        (HttpStatusCode read, _) = await _host.PostAsync($"{path}/{told[1]}/read");
        (HttpStatusCode again, _) = await _host.PostAsync($"{path}/{told[1]}/read");
        (HttpStatusCode notTheirs, _) = await _host.PostAsync($"/api/v1/agents/{other}/notifications/{told[0]}/read");
        (_, JsonElement all) = await _host.GetAsync($"{path}?limit=2");
        (_, JsonElement rest) = await _host.GetAsync($"{path}?after={all.GetProperty("next").GetString()}");
        (_, JsonElement unread) = await _host.GetAsync($"{path}?unread=true");

        Assert.Equal(
            (HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (read, again, notTheirs));
        Assert.Equal(told, Ids(all).Concat(Ids(rest)));
        Assert.Equal([told[0], told[2]], Ids(unread));
        Assert.Equal(5, unread.GetProperty("items")[0].GetProperty("body").GetProperty("waits").GetInt32());
        Assert.Equal([told[1]], Ids((await _host.GetAsync($"{path}?unread=false")).Body));
    }

    [Fact]
    public async Task OtherTenantOrNobody_Everything_IsNotFound()
    {
        TenantId other = await _host.Rows.TenantAsync("Outra");
        Guid agent = Guid.Empty;
        (_, JsonElement made) = await _host.PostAsync("/api/v1/agents", new { name = "Bia" }, _tenant);
        foreach (Guid id in new[] { made.GetProperty("id").GetGuid(), agent })
        {
            string path = $"/api/v1/agents/{id}";
            HttpStatusCode[] statuses =
            [
                (await _host.GetAsync(path, other)).Status,
                (await PutAsync(path, new { name = "Bia" }, other)).Status,
                (await PutAsync($"{path}/presence", new { presence = "online" }, other)).Status,
                (await _host.GetAsync($"{path}/notifications", other)).Status,
                (await _host.PostAsync($"{path}/notifications/{id}/read", null, other)).Status,
            ];
            Assert.All(statuses, s => Assert.Equal(HttpStatusCode.NotFound, s));
        }

        Assert.Equal(0, (await _host.GetAsync("/api/v1/agents", other)).Body.GetProperty("items").GetArrayLength());
        Assert.Equal(0, await HintsAsync());
    }

    private async Task<Guid> AgentAsync(string name) =>
        (await _host.PostAsync("/api/v1/agents", new { name })).Body.GetProperty("id").GetGuid();

    private Task<(HttpStatusCode Status, JsonElement Body)> PutAsync(
        string path, object? body, TenantId? tenant = null) =>
        _host.SendAsync(HttpMethod.Put, path, tenant, body is null ? null : JsonContent.Create(body));

    private async Task<int> HintsAsync()
    {
        await using NpgsqlCommand command = _host.Database.Owner.CreateCommand(
            "select count(*)::int from queue_messages where queue = 'flow-events' and body like '%dispatch%'");
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private static IEnumerable<Guid> Ids(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(a => a.GetProperty("id").GetGuid());
}
