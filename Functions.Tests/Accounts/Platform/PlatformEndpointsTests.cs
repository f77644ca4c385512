using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Accounts;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Accounts.Platform;

/// <summary>Tenants, plans and licences, as those set them up who run the platform.</summary>
public sealed class PlatformEndpointsTests : IAsyncLifetime
{
    private ApiHost _host = null!;

    public async Task InitializeAsync() => _host = await ApiHost.StartAsync(services: s => s
        .AddSingleton<TenantDirectory>()
        .AddSingleton<ITenantDirectory>(p => p.GetRequiredService<TenantDirectory>()));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Tenant_CreatedChangedAndSuspended_IsWhatTheDirectorySays()
    {
        (_, JsonElement plan) = await _host.PostAsync("/api/v1/plans", new { name = "Loja", channels = 2 });
        (HttpStatusCode status, JsonElement created) = await _host.PostAsync(
            "/api/v1/tenants", new { name = "Aurora", planId = plan.GetProperty("id").GetString() });
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(
            ("Aurora", "pt-BR", "America/Sao_Paulo", "active", "Loja"),
            (Text(created, "name"), Text(created, "locale"), Text(created, "timeZone"), Text(created, "status"),
                Text(created, "planName")));
        var id = new TenantId(created.GetProperty("id").GetGuid());
        ITenantDirectory tenants = _host.Services.GetRequiredService<ITenantDirectory>();
        Assert.Equal("Aurora", (await tenants.FindAsync(id, default))!.Name);

        (status, _) = await PutAsync(
            $"/api/v1/tenants/{id}", new { name = "Boreal", locale = "es", timeZone = "America/Bogota" });
        Assert.Equal(HttpStatusCode.OK, status);
        Tenant changed = (await tenants.FindAsync(id, default))!;
        Assert.Equal(("Boreal", "es", "America/Bogota"), (changed.Name, changed.Locale, changed.TimeZone));

        (_, JsonElement suspended) = await _host.PostAsync($"/api/v1/tenants/{id}/suspend");
        Assert.Equal("suspended", Text(suspended, "status"));
        Assert.Empty(await tenants.AllAsync(default));
        await _host.PostAsync($"/api/v1/tenants/{id}/resume");
        Assert.Single(await tenants.AllAsync(default));
        (_, JsonElement list) = await _host.GetAsync("/api/v1/tenants?limit=1");
        Assert.Equal(id.Value, list.GetProperty("items")[0].GetProperty("id").GetGuid());
    }

    [Theory]
    [InlineData("""{"name":"","locale":"portuguese","timeZone":"Brasil"}""", "name locale timeZone")]
    [InlineData("""{"name":"x","planId":"00000000-0000-0000-0000-000000000001"}""", "planId")]
    [InlineData("""{"name":"x","plan":1}""", "plan")]
    public async Task Tenant_ThatMakesNoSense_IsRefusedByField(string body, string fields)
    {
        (HttpStatusCode status, JsonElement answer) = await _host.PostAsync(
            "/api/v1/tenants", JsonElement.Parse(body));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            fields,
            string.Join(' ', answer.GetProperty("errors").EnumerateArray().Select(e => Text(e, "field"))));
    }

    [Fact]
    public async Task Plan_WhileACompanyHasIt_CannotGo_AndItsNameIsItsOwn()
    {
        (_, JsonElement plan) = await _host.PostAsync("/api/v1/plans", new { name = "Loja", messagesPerMonth = 1_000 });
        string id = Text(plan, "id");
        (HttpStatusCode status, JsonElement body) = await _host.PostAsync("/api/v1/plans", new { name = "LOJA" });
        Assert.Equal((HttpStatusCode.Conflict, "plan_name_taken"), (status, Text(body, "code")));
        (status, body) = await PutAsync($"/api/v1/plans/{id}", new { name = "Rede", users = 3 });
        Assert.Equal((HttpStatusCode.OK, 3), (status, body.GetProperty("users").GetInt32()));
        Assert.Equal(JsonValueKind.Null, body.GetProperty("messagesPerMonth").ValueKind);
        (status, body) = await PutAsync($"/api/v1/plans/{id}", new { name = "Rede", channels = -1 });
        Assert.Equal(HttpStatusCode.BadRequest, status);

        await _host.PostAsync("/api/v1/tenants", new { name = "Aurora", planId = id });
        (status, body) = await _host.SendAsync(HttpMethod.Delete, $"/api/v1/plans/{id}", null);
        Assert.Equal((HttpStatusCode.Conflict, "plan_in_use"), (status, Text(body, "code")));
        await _host.Rows.RunAsync("update tenants set plan_id = null");
        (status, _) = await _host.SendAsync(HttpMethod.Delete, $"/api/v1/plans/{id}", null);
        Assert.Equal(HttpStatusCode.NoContent, status);
    }

    [Fact]
    public async Task Licence_OfAServer_IsOneUntilItEnds()
    {
        TenantId tenant = await _host.Rows.TenantAsync();
        string path = $"/api/v1/tenants/{tenant}/licences";
        (HttpStatusCode status, JsonElement licence) = await _host.PostAsync(path, new { serverIp = "203.0.113.7" });
        Assert.Equal((HttpStatusCode.Created, "203.0.113.7"), (status, Text(licence, "serverIp")));
        (status, JsonElement body) = await _host.PostAsync(path, new { serverIp = "203.0.113.7" });
        Assert.Equal((HttpStatusCode.Conflict, "licence_exists"), (status, Text(body, "code")));
        (status, _) = await _host.PostAsync(path, new { serverIp = "somewhere" });
        Assert.Equal(HttpStatusCode.BadRequest, status);

        (_, JsonElement found) = await _host.GetAsync(path + "?serverIp=203.0.113.7&active=true");
        Assert.Single(found.GetProperty("items").EnumerateArray());
        string one = $"{path}/{Text(licence, "id")}";
        Assert.Equal(HttpStatusCode.NoContent, (await _host.SendAsync(HttpMethod.Delete, one, null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.SendAsync(HttpMethod.Delete, one, null)).Status);
        (_, found) = await _host.GetAsync(path + "?serverIp=203.0.113.7&active=true");
        Assert.Empty(found.GetProperty("items").EnumerateArray());
        (status, _) = await _host.PostAsync(path, new { serverIp = "203.0.113.7" });
        Assert.Equal(HttpStatusCode.Created, status);
    }

    private Task<(HttpStatusCode Status, JsonElement Body)> PutAsync(string path, object body) =>
        _host.SendAsync(HttpMethod.Put, path, null, JsonContent.Create(body));

    private static string Text(JsonElement body, string name) => body.GetProperty(name).GetString()!;
}
