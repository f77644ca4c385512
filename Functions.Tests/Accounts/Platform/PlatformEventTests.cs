using System.Net;
using System.Text.Json;
using Vellarys.Tests.Accounts.Access;
using Xunit;

namespace Vellarys.Tests.Accounts.Platform;

/// <summary>What those do who run the platform stays on record, refusals as well.</summary>
public sealed class PlatformEventTests
{
    [Fact]
    public async Task Change_ByThePlatform_IsOnRecordThereAndWithTheTenant()
    {
        await using AccountHost host = await AccountHost.StartAsync(remote: IPAddress.Parse("203.0.113.9"));
        Answer plan = await host.AsInstallationAsync(HttpMethod.Post, "/plans", new { name = "Loja" });
        Guid planId = plan.Body.GetProperty("id").GetGuid();
        Answer made = await host.AsInstallationAsync(HttpMethod.Post, "/tenants", new { name = "Aurora", planId });
        TenantId tenant = new(made.Body.GetProperty("id").GetGuid());
        await host.AsInstallationAsync(HttpMethod.Post, $"/tenants/{tenant}/suspend");
        await host.AsInstallationAsync(HttpMethod.Post, $"/tenants/{tenant}/resume");
        Answer licence = await host.AsInstallationAsync(
            HttpMethod.Post, $"/tenants/{tenant}/licences", new { serverIp = "198.51.100.7" });
        await host.AsInstallationAsync(HttpMethod.Delete, $"/plans/{planId}");

        Answer events = await host.AsInstallationAsync(HttpMethod.Get, "/platform-events");
        Assert.Equal(
            [
                $"plan.delete 409  {planId}", $"licence.create 201 {tenant} {licence.Body.GetProperty("id")}",
                $"tenant.resume 200 {tenant} {tenant}",
                $"tenant.suspend 200 {tenant} {tenant}", $"tenant.create 201  {tenant}", $"plan.create 201  {planId}",
            ],
            Items(events).Select(e => $"{Text(e, "action")} {e.GetProperty("status")} {Text(e, "tenantId")} "
                + Text(e, "subjectId")));
        Assert.All(Items(events), e => Assert.Equal(
            ("installation", "203.0.113.9"), (Text(e, "actorKind"), Text(e, "address"))));
        Assert.Equal(3, Items(await host.AsInstallationAsync(
            HttpMethod.Get, $"/platform-events?tenantId={tenant}")).Length);

        // The company sees what was done to it.
        Answer own = await host.AsInstallationAsync(HttpMethod.Get, "/access/events", tenant: tenant);
        Assert.Equal(
            ["licence.create 203.0.113.9", "tenant.resume 203.0.113.9", "tenant.suspend 203.0.113.9"],
            Items(own).Select(e => $"{Text(e, "action")} {Text(e, "address")}"));
    }

    [Fact]
    public async Task Record_OfThePlatform_IsNotATenantsToRead()
    {
        await using AccountHost host = await AccountHost.StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        await host.AddUserAsync(tenant, "ana");
        string token = (await host.SignInAsync("ana")).Token;
        Answer answer = await host.SendAsync(HttpMethod.Get, "/platform-events", bearer: token);
        Assert.Equal((HttpStatusCode.Forbidden, "not_permitted"), (answer.Status, answer.Code));
    }

    private static JsonElement[] Items(Answer answer) => [.. answer.Body.GetProperty("items").EnumerateArray()];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).ToString();
}
