using System.Net;
using System.Text;
using System.Text.Json;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Accounts.Teams;

/// <summary>What is wrong with a request is named; nothing here changes anything, so one host serves all.</summary>
public sealed class AgentInputTests(AgentInputTests.OneHost host) : IClassFixture<AgentInputTests.OneHost>
{
    private const string Nobody = "01890000-0000-7000-8000-000000000000";

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("""{"name":" "}""", "name")]
    [InlineData("""{"name":"B","role":"boss"}""", "role")]
    [InlineData("""{"name":"B","role":null}""", "role")]
    [InlineData("""{"name":"B","capacity":-1}""", "capacity")]
    [InlineData("""{"name":"B","capacity":1001}""", "capacity")]
    [InlineData("""{"name":"B","capacity":"5"}""", "capacity")]
    [InlineData("""{"name":"B","capacity":null}""", "capacity")]
    [InlineData("""{"name":"B","skills":null}""", "skills")]
    [InlineData("""{"name":"B","skills":["a",""]}""", "skills[1]")]
    [InlineData("""{"name":"B","skills":[null]}""", "skills[0]")]
    [InlineData("""{"name":"B","hours":{}}""", "hours.days")]
    [InlineData("""{"name":"B","hours":5}""", "hours")]
    [InlineData("""{"name":"B","hours":{"days":{"mon":["8-12"]}}}""", "hours.days.mon[0]")]
    [InlineData("""{"name":"B","hours":{"days":{"mon":[8]}}}""", "hours.days.mon[0]")]
    [InlineData("""{"name":"B","hours":{"days":{"noday":[]}}}""", "hours.days")]
    [InlineData("""{"name":"B","hours":{"days":{},"holidays":["25/12"]}}""", "hours.holidays[0]")]
    [InlineData("""{"name":"B","hours":{"days":{},"holidays":null}}""", "hours.holidays")]
    [InlineData("""{"name":"B","hours":{"days":{},"zone":"x"}}""", "hours.zone")]
    [InlineData("""{"name":"B","notifyUrl":""}""", "notifyUrl")]
    [InlineData("""{"name":"B","notifyUrl":"/hook"}""", "notifyUrl")]
    [InlineData("""{"name":"B","notifyUrl":"http://example.com/"}""", "notifyUrl")]
    [InlineData("""{"name":"B","notifyUrl":"http://localhost.example.com/"}""", "notifyUrl")]
    [InlineData("""{"name":"B","notifyUrl":"https://user:secret@example.com/"}""", "notifyUrl")]
    [InlineData("""{"name":"B","notifyUrl":"ftp://example.com/"}""", "notifyUrl")]
    [InlineData("""{"name":"B","notifyPhone":"+5511990000001"}""", "notifyPhone")]
    [InlineData("""{"name":"B","notifyPhone":"123"}""", "notifyPhone")]
    [InlineData("""{"name":"B","active":"yes"}""", "active")]
    [InlineData("""{"name":"B","presence":"online"}""", "presence")]
    public async Task CreateAndUpdate_WrongBody_IsRefusedByName(string json, string field)
    {
        await RefusedAsync(HttpMethod.Post, "/api/v1/agents", json, field);
        await RefusedAsync(HttpMethod.Put, $"/api/v1/agents/{Nobody}", json, field);
    }

    [Theory]
    [InlineData("/agents/" + Nobody + "/presence", """{"presence":"busy"}""", "presence")]
    [InlineData("/agents/" + Nobody + "/presence", "{}", "presence")]
    [InlineData("/teams/" + Nobody, "{}", "name")]
    [InlineData("/teams/" + Nobody, """{"name":" "}""", "name")]
    [InlineData("/teams/" + Nobody, """{"name":"V","members":[]}""", "members")]
    public Task Put_WrongBody_IsRefusedByName(string path, string json, string field) =>
        RefusedAsync(HttpMethod.Put, "/api/v1" + path, json, field);

    [Theory]
    [InlineData("/agents?presence=busy", "presence")]
    [InlineData("/agents?active=yes", "active")]
    [InlineData("/agents?team=vendas", "team")]
    [InlineData("/agents?limit=0", "limit")]
    [InlineData("/agents?after=bm9wZQ", "after")]
    [InlineData("/teams?after=@@", "after")]
    [InlineData("/teams?limit=201", "limit")]
    [InlineData("/agents/" + Nobody + "/notifications?unread=1", "unread")]
    [InlineData("/agents/" + Nobody + "/notifications?unread=true&unread=true", "unread")]
    public Task Get_WrongParameter_IsRefusedByName(string path, string field) =>
        RefusedAsync(HttpMethod.Get, "/api/v1" + path, null, field);

    private async Task RefusedAsync(HttpMethod method, string path, string? json, string field)
    {
        (HttpStatusCode status, JsonElement body) = await host.Host.SendAsync(
            method, path, null, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));

        Assert.Equal((HttpStatusCode.BadRequest, field), (status, Field(body)));
        Assert.NotEmpty(body.GetProperty("errors")[0].GetProperty("reason").GetString()!);
    }

    private static string? Field(JsonElement body) =>
        body.TryGetProperty("errors", out JsonElement errors) ? errors[0].GetProperty("field").GetString() : null;

    public sealed class OneHost : IAsyncLifetime
    {
        internal ApiHost Host { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Host = await ApiHost.StartAsync();
            await Host.Rows.TenantAsync();
        }

        public async Task DisposeAsync() => await Host.DisposeAsync();
    }
}
