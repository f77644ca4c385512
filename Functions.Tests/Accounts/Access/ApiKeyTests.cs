using System.Net;
using Npgsql;
using Xunit;

namespace Vellarys.Tests.Accounts.Access;

public sealed class ApiKeyTests
{
    [Fact]
    public async Task Key_IsShownOnceAndStoredHashed_OpensWhatItsScopesSay_AndNothingOnceRevoked()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync(), other = await host.Api.Rows.TenantAsync("B");
        (Guid id, string key) = await MakeAsync(host, tenant, ["teams.read"]);

        Assert.Matches("^vk_[0-9a-f]{32}_[A-Za-z0-9_-]{43}$", key);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/teams")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/teams", tenant)).Status);
        Assert.Equal("foreign_tenant", (await GetAsync("/teams", other)).Code);
        Assert.Equal("not_permitted", (await GetAsync("/users")).Code);
        Assert.Equal("not_permitted", (await GetAsync("/operations/queues")).Code);
        Assert.Equal("no_user", (await GetAsync("/auth/me")).Code);
        Assert.Equal("token_invalid", (await host.SendAsync(HttpMethod.Get, "/teams", bearer: key + "x")).Code);

        Answer list = await host.AsInstallationAsync(HttpMethod.Get, "/api-keys", tenant: tenant);
        string text = list.Body.ToString();
        Assert.DoesNotContain(key[36..], text, StringComparison.Ordinal);
        DateTime used = list.Body.GetProperty("items")[0].GetProperty("lastUsedAt").GetDateTime();
        Assert.Equal((0, 0), (used.Minute, used.Second));
        await using (NpgsqlCommand stored = host.Api.Database.Owner.CreateCommand(
            "select count(*) from api_keys k where k::text like '%' || $1 || '%'"))
        {
            stored.Parameters.Add(new NpgsqlParameter { Value = key[36..] });
            Assert.Equal(0L, await stored.ExecuteScalarAsync());
        }

        Assert.Equal("api_key_not_found",
            (await host.AsInstallationAsync(HttpMethod.Delete, $"/api-keys/{id}", tenant: other)).Code);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/teams")).Status);
        await host.AsInstallationAsync(HttpMethod.Delete, $"/api-keys/{id}", tenant: tenant);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/teams")).Status);

        Task<Answer> GetAsync(string path, TenantId? named = null) =>
            host.SendAsync(HttpMethod.Get, path, bearer: key, tenant: named);
    }

    [Fact]
    public async Task Key_ThatExpiredOrIsOfASuspendedTenant_OpensNothing()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        (_, string expired) = await MakeAsync(host, tenant, ["teams.read"]);
        await host.Api.Rows.RunAsync("update api_keys set expires_at = now()");
        (_, string key) = await MakeAsync(host, tenant, ["teams.read"]);

        Assert.Equal(HttpStatusCode.Unauthorized,
            (await host.SendAsync(HttpMethod.Get, "/teams", bearer: expired)).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Get, "/teams", bearer: key)).Status);
        await host.Api.Rows.RunAsync("update tenants set status = 'suspended'");
        Assert.Equal(HttpStatusCode.Unauthorized,
            (await host.SendAsync(HttpMethod.Get, "/teams", bearer: key)).Status);
    }

    [Fact]
    public async Task Key_MadeByAKey_CannotDoMore()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        (_, string key) = await MakeAsync(host, tenant, ["keys.manage", "teams.read"]);

        Answer more = await host.SendAsync(
            HttpMethod.Post, "/api-keys", new { name = "more", scopes = new[] { "users.manage" } }, key);
        Answer same = await host.SendAsync(
            HttpMethod.Post, "/api-keys", new { name = "same", scopes = new[] { "teams.read" } }, key);
        Answer platform = await host.AsInstallationAsync(
            HttpMethod.Post, "/api-keys", new { name = "p", scopes = new[] { "platform.operate" } }, tenant);

        Assert.Equal("not_yours_to_give", more.Code);
        Assert.Equal(HttpStatusCode.Created, same.Status);
        Assert.Equal(HttpStatusCode.BadRequest, platform.Status);
    }

    [Fact]
    public async Task Networks_OfTheTenantAndOfThePlatform_AreKept()
    {
        IPAddress home = IPAddress.Parse("198.51.100.7");
        await using AccountHost host = await AccountHost.StartAsync(
            new() { ["Accounts:AdminNetworks"] = "198.51.100.0/24" }, remote: home);
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "ana");
        (_, string key) = await MakeAsync(host, tenant, ["teams.read"]);
        string token = (await host.SignInAsync("ana")).Token;
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Get, "/teams", bearer: token)).Status);

        await host.Api.Rows.RunAsync("update tenants set allowed_networks = array['203.0.113.0/24']");
        Assert.Equal("address_not_allowed", (await host.SendAsync(HttpMethod.Get, "/teams", bearer: token)).Code);
        Assert.Equal("address_not_allowed", (await host.SendAsync(HttpMethod.Get, "/teams", bearer: key)).Code);
        Assert.Equal(HttpStatusCode.OK,
            (await host.AsInstallationAsync(HttpMethod.Get, "/teams", tenant: tenant)).Status);

        await using AccountHost elsewhere = await AccountHost.StartAsync(
            new() { ["Accounts:AdminNetworks"] = "203.0.113.0/24" }, remote: home);
        Assert.Equal("address_not_allowed",
            (await elsewhere.AsInstallationAsync(HttpMethod.Get, "/operations/queues")).Code);
    }

    [Fact]
    public async Task Networks_SetByATenant_NeverLockOutWhoSetsThem()
    {
        await using AccountHost host = await AccountHost.StartAsync(remote: IPAddress.Parse("198.51.100.7"));
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "ana");
        string token = (await host.SignInAsync("ana")).Token;

        Answer wrong = await PutAsync("nowhere");
        Answer away = await PutAsync("203.0.113.0/24");
        Answer home = await PutAsync("198.51.100.0/24");

        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal("would_lock_out", away.Code);
        Assert.Equal(HttpStatusCode.OK, home.Status);
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Get, "/teams", bearer: token)).Status);

        Task<Answer> PutAsync(string network) => host.SendAsync(
            HttpMethod.Put, "/access/networks", new { networks = new[] { network } }, token);
    }

    [Fact]
    public async Task Support_LooksInWhileTheTenantLetsItAndChangesNothing_OnRecord()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId own = await host.Api.Rows.TenantAsync("Own"), tenant = await host.Api.Rows.TenantAsync("Other");
        Guid user = await host.AddUserAsync(own, "helper");
        await host.Api.Rows.RunAsync("update users set is_platform_admin = true where id = $1", user);
        SignedIn helper = await host.SignInAsync("helper");
        Assert.Equal("foreign_tenant", (await EnterAsync()).Code);

        Answer grant = await host.AsInstallationAsync(
            HttpMethod.Post, "/access/support", new { reason = "Templates are refused", hours = 2 }, tenant);
        Answer entered = await EnterAsync();
        string token = entered.Body.GetProperty("accessToken").GetString()!;
        Answer read = await host.SendAsync(HttpMethod.Get, "/conversations", bearer: token);
        Answer write = await host.SendAsync(HttpMethod.Post, "/teams", new { name = "x" }, token);
        await host.AsInstallationAsync(
            HttpMethod.Delete, $"/access/support/{grant.Body.GetProperty("id").GetGuid()}", tenant: tenant);
        Answer after = await host.SendAsync(HttpMethod.Get, "/conversations", bearer: token);
        Answer events = await host.AsInstallationAsync(HttpMethod.Get, "/access/events", tenant: tenant);

        Assert.Equal("support", entered.Body.GetProperty("role").GetString());
        Assert.Equal(HttpStatusCode.OK, read.Status);
        Assert.Equal("not_permitted", write.Code);
        Assert.Equal(HttpStatusCode.Unauthorized, after.Status);
        Assert.Equal(
            ["support.end", "support.enter", "support.grant"],
            events.Body.GetProperty("items").EnumerateArray().Select(e => e.GetProperty("action").GetString()));
        Assert.Equal(user, events.Body.GetProperty("items")[1].GetProperty("actorId").GetGuid());

        Task<Answer> EnterAsync() => host.SendAsync(
            HttpMethod.Post, "/auth/sign-in",
            new { login = "helper", password = AccountHost.Password, tenantId = tenant.Value });
    }

    private static async Task<(Guid Id, string Key)> MakeAsync(AccountHost host, TenantId tenant, string[] scopes)
    {
        Answer made = await host.AsInstallationAsync(
            HttpMethod.Post, "/api-keys", new { name = "A machine", scopes }, tenant);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        return (made.Body.GetProperty("apiKey").GetProperty("id").GetGuid(), made.Body.GetProperty("key").GetString()!);
    }
}
