using System.Net;
using Vellarys.Http;
using Vellarys.Tests.Accounts.Access;
using Xunit;

namespace Vellarys.Tests.Api;

/// <summary>A bucket that fills in a thousand seconds: no test is slow enough to see it filled.</summary>
public sealed class CallRatesTests
{
    private const int Burst = 3;

    [Fact]
    public async Task Caller_BeyondItsBurst_Is429WithRetryAfter_AndOthersAreServed()
    {
        await using AccountHost host = await StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync(), other = await host.Api.Rows.TenantAsync("B");
        string busy = await KeyAsync(host, tenant), second = await KeyAsync(host, tenant);
        string foreign = await KeyAsync(host, other);

        for (int i = 0; i < Burst; i++) Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, busy));
        Answer refused = await host.SendAsync(HttpMethod.Get, "/teams", bearer: busy);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.Equal("rate_limited", refused.Code);
        Assert.InRange(refused.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1_000));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, second));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, foreign));
    }

    [Fact]
    public async Task Tenant_WithManyKeys_HasAShareOfItsOwn()
    {
        await using AccountHost host = await StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync(), other = await host.Api.Rows.TenantAsync("B");
        for (int i = 0; i < ApiOptions.CallersOfTenant; i++)
        {
            string key = await KeyAsync(host, tenant);
            for (int call = 0; call < Burst; call++) Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, key));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await StatusAsync(host, await KeyAsync(host, tenant)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, await KeyAsync(host, other)));
    }

    [Fact]
    public async Task HealthAndTheInstallationsKey_AreNotCounted()
    {
        await using AccountHost host = await StartAsync();
        TenantId tenant = await host.Api.Rows.TenantAsync();
        for (int i = 0; i < 2 * ApiOptions.CallersOfTenant * Burst; i++)
        {
            Assert.Equal(HttpStatusCode.OK,
                (await host.AsInstallationAsync(HttpMethod.Get, "/teams", tenant: tenant)).Status);
            using HttpResponseMessage health = await host.Api.Client.GetAsync("/health/pool");
            Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(1, 0)]
    public void Limits_ThatMakeNoSense_AreRefused(double perSecond, int burst) =>
        Assert.Single(new ApiOptions { RequestsPerSecond = perSecond, Burst = burst }.Faults());

    private static Task<AccountHost> StartAsync() => AccountHost.StartAsync(new()
    {
        ["Api:RequestsPerSecond"] = "0.001", ["Api:Burst"] = $"{Burst}",
    });

    private static async Task<string> KeyAsync(AccountHost host, TenantId tenant)
    {
        Answer made = await host.AsInstallationAsync(
            HttpMethod.Post, "/api-keys", new { name = "A machine", scopes = new[] { "teams.read" } }, tenant);
        return made.Body.GetProperty("key").GetString()!;
    }

    private static async Task<HttpStatusCode> StatusAsync(AccountHost host, string key) =>
        (await host.SendAsync(HttpMethod.Get, "/teams", bearer: key)).Status;
}
