using System.Net;
using System.Text.Json;
using Xunit;

namespace Vellarys.Tests.Accounts.Access;

public sealed class UserTests
{
    [Fact]
    public async Task User_WithoutMoreThanTheyHave_GivesAndTakesNoMore()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        Guid boss = await host.AddUserAsync(tenant, "boss");
        Answer profile = await host.AsInstallationAsync(HttpMethod.Post, "/profiles", new
        {
            name = "People", permissions = new[] { "users.read", "users.manage", "conversations.read" },
        }, tenant);
        await host.AddUserAsync(tenant, "people", "atendente", profile.Body.GetProperty("id").GetGuid());
        string token = (await host.SignInAsync("people")).Token;

        Answer[] refused =
        [
            await host.SendAsync(HttpMethod.Post, "/users", New("new", "admin"), token),
            await host.SendAsync(HttpMethod.Put, $"/users/{boss}", new { name = "B", role = "atendente" }, token),
            await host.SendAsync(HttpMethod.Delete, $"/users/{boss}", bearer: token),
            await host.SendAsync(
                HttpMethod.Put, $"/users/{boss}/password", new { password = "another long password" }, token),
            await host.SendAsync(
                HttpMethod.Post, "/profiles", new { name = "More", permissions = new[] { "keys.manage" } }, token),
        ];

        Assert.All(refused, r => Assert.Equal((HttpStatusCode.Forbidden, "not_yours_to_give"), (r.Status, r.Code)));
    }

    [Fact]
    public async Task LastAdministrator_Stays()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        Guid a = await host.AddUserAsync(tenant, "a.a"), b = await host.AddUserAsync(tenant, "b.b");

        Answer[] both = await Task.WhenAll(new[] { a, b }.Select(id => host.AsInstallationAsync(
            HttpMethod.Put, $"/users/{id}", new { name = "X", role = "atendente" }, tenant)));

        Assert.Single(both, r => r.Status == HttpStatusCode.OK);
        Assert.Single(both, r => r.Code == "last_admin");
    }

    [Fact]
    public async Task AdministratorOfATenant_DoesNotOpenAnAccountThatOpensMore()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId a = await host.Api.Rows.TenantAsync("A"), b = await host.Api.Rows.TenantAsync("B");
        Guid ana = await host.AddUserAsync(a, "ana");
        string mine = (await host.SignInAsync("ana")).Token;
        object taken = New("ana", "admin", username: "b.ana", password: "taken over by b now");
        await host.AddUserAsync(b, "boss");
        string token = (await host.SignInAsync("boss")).Token;

        Answer planted = await host.SendAsync(HttpMethod.Post, "/users", taken, token);
        Answer unseen = await host.SendAsync(HttpMethod.Get, $"/users/{ana}", bearer: token);
        Answer joined = await host.AsInstallationAsync(HttpMethod.Post, "/users", taken, b);
        Answer reset = await host.SendAsync(
            HttpMethod.Put, $"/users/{ana}/password", new { password = "taken over by b now" }, token);
        Answer totp = await host.SendAsync(HttpMethod.Delete, $"/users/{ana}/totp", bearer: token);

        Assert.Equal((HttpStatusCode.Conflict, "account_elsewhere"), (planted.Status, planted.Code));
        Assert.Equal(HttpStatusCode.NotFound, unseen.Status);
        Assert.True(joined.Body.GetProperty("wasThere").GetBoolean());
        Assert.Equal("user_of_several", reset.Code);
        Assert.Equal("user_of_several", totp.Code);
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Get, "/auth/me", bearer: mine)).Status);
        await host.SignInAsync("ana", a);
        Assert.Equal("already_member", (await host.SendAsync(HttpMethod.Post, "/users", taken, token)).Code);
        // Whoever lost phone and codes has the installation's key to ask.
        Assert.Equal(HttpStatusCode.NoContent,
            (await host.AsInstallationAsync(HttpMethod.Delete, $"/users/{ana}/totp", tenant: b)).Status);
        Assert.Equal("username_taken", (await host.SendAsync(
            HttpMethod.Post, "/users", New("else", "admin", username: "ANA"), token)).Code);
    }

    [Fact]
    public async Task Users_BeyondThePlan_AreNeitherAddedNorBroughtBack()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "boss");
        Guid ana = await host.AddUserAsync(tenant, "ana");
        await host.AsInstallationAsync(HttpMethod.Delete, $"/users/{ana}", tenant: tenant);
        Answer plan = await host.AsInstallationAsync(HttpMethod.Post, "/plans", new { name = "Two", users = 2 });
        await host.Api.Rows.RunAsync(
            "update tenants set plan_id = $1 where id = $2", plan.Body.GetProperty("id").GetGuid(), tenant.Value);

        Answer[] both = await Task.WhenAll(new[] { "bia", "caio" }.Select(name =>
            host.AsInstallationAsync(HttpMethod.Post, "/users", New(name, "admin"), tenant)));
        Answer back = await host.AsInstallationAsync(
            HttpMethod.Put, $"/users/{ana}", new { name = "Ana", role = "admin" }, tenant);

        Answer made = Assert.Single(both, r => r.Status == HttpStatusCode.Created);
        Assert.Single(both, r => r.Code == "plan_limit_reached");
        Assert.Equal((HttpStatusCode.Conflict, "plan_limit_reached"), (back.Status, back.Code));
        Guid third = made.Body.GetProperty("user").GetProperty("id").GetGuid();
        Assert.Equal(third, await host.Api.Rows.ScalarAsync<Guid>(
            "select subject_id from account_events where action = 'user.create' order by at desc limit 1"));
    }

    [Fact]
    public async Task Password_ThatIsReset_EndsTheSessionsOfTheOldOne()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "boss");
        Guid ana = await host.AddUserAsync(tenant, "ana", "atendente");
        string old = (await host.SignInAsync("ana")).Token;

        Answer weak = await host.AsInstallationAsync(
            HttpMethod.Put, $"/users/{ana}/password", new { password = "auroramoveis1" }, tenant);
        Answer reset = await host.AsInstallationAsync(
            HttpMethod.Put, $"/users/{ana}/password", new { password = AccountHost.Password }, tenant);
        Assert.Equal(HttpStatusCode.BadRequest, weak.Status);
        Assert.Equal(HttpStatusCode.NoContent, reset.Status);
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await host.SendAsync(HttpMethod.Get, "/auth/me", bearer: old)).Status);

        SignedIn here = await host.SignInAsync("ana"), there = await host.SignInAsync("ana");
        Answer wrong = await host.SendAsync(HttpMethod.Put, "/auth/password",
            new { current = "not the current one", password = "a whole new sentence" }, here.Token);
        Answer own = await host.SendAsync(HttpMethod.Put, "/auth/password",
            new { current = AccountHost.Password, password = "a whole new sentence" }, here.Token);
        Assert.Equal("password_wrong", wrong.Code);
        Assert.Equal(HttpStatusCode.NoContent, own.Status);
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Get, "/auth/me", bearer: here.Token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await host.SendAsync(HttpMethod.Get, "/auth/me", bearer: there.Token)).Status);
    }

    [Fact]
    public async Task Staff_WhoAnswer_AreUsersAndActForThemselves()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        Guid ana = await host.AddUserAsync(tenant, "ana", "atendente");
        Guid bia = await host.AddUserAsync(tenant, "bia", "supervisor");
        Guid anas = await AgentOfAsync(ana), bias = await AgentOfAsync(bia);
        string token = (await host.SignInAsync("ana")).Token, supervisor = (await host.SignInAsync("bia")).Token;

        Assert.Equal(HttpStatusCode.OK, (await PresenceAsync(anas, token)).Status);
        Assert.Equal("not_your_agent", (await PresenceAsync(bias, token)).Code);
        Assert.Equal(HttpStatusCode.OK, (await PresenceAsync(anas, supervisor)).Status);
        Assert.Equal("not_your_agent", (await host.SendAsync(
            HttpMethod.Get, $"/agents/{bias}/notifications", bearer: token)).Code);
        Answer accept = await host.SendAsync(
            HttpMethod.Post, $"/conversations/{Ids.New(TimeProvider.System)}/accept", new { }, token);
        Assert.Equal("conversation_not_found", accept.Code);

        await host.AsInstallationAsync(HttpMethod.Delete, $"/users/{ana}", tenant: tenant);
        Answer agent = await host.AsInstallationAsync(HttpMethod.Get, $"/agents/{anas}", tenant: tenant);
        Assert.False(agent.Body.GetProperty("active").GetBoolean());
        Assert.Equal("offline", agent.Body.GetProperty("presence").GetString());

        Task<Answer> PresenceAsync(Guid agent, string bearer) =>
            host.SendAsync(HttpMethod.Put, $"/agents/{agent}/presence", new { presence = "online" }, bearer);

        async Task<Guid> AgentOfAsync(Guid user) =>
            (await host.AsInstallationAsync(HttpMethod.Get, $"/users/{user}", tenant: tenant))
            .Body.GetProperty("agentId").GetGuid();
    }

    [Fact]
    public async Task User_WhoIsAnAgentAlready_IsTiedToThatOne()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        Answer agent = await host.AsInstallationAsync(HttpMethod.Post, "/agents", new { name = "Bruna" }, tenant);
        Guid id = agent.Body.GetProperty("id").GetGuid();

        Answer made = await CreateAsync("bruna", id);
        Answer second = await CreateAsync("sergio", id);
        Answer none = await CreateAsync("nobody", Ids.New(TimeProvider.System));

        Assert.Equal(id, made.Body.GetProperty("user").GetProperty("agentId").GetGuid());
        // One is one: the second person is not put in the first one's place.
        Assert.Equal(JsonValueKind.Null, second.Body.GetProperty("user").GetProperty("agentId").ValueKind);
        Assert.Equal(HttpStatusCode.BadRequest, none.Status);

        Task<Answer> CreateAsync(string name, Guid agentId) => host.AsInstallationAsync(HttpMethod.Post, "/users", new
        {
            email = name + "@example.com", username = name, name, password = AccountHost.Password, role = "atendente",
            agentId,
        }, tenant);
    }

    private static object New(string name, string role, string? username = null, string? password = null) => new
    {
        email = name + "@example.com",
        username = username ?? name,
        name,
        password = password ?? AccountHost.Password,
        role,
    };
}
