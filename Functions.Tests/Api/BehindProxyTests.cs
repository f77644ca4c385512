using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Vellarys.Tests.Api;

/// <summary>
/// To the host, all that a proxy on its machine forwards looks local: only a key tells callers apart.
/// </summary>
public sealed class BehindProxyTests
{
    private const string Key = "a-key-of-sufficient-length";

    public static TheoryData<string, string> Guarded => new()
    {
        { "GET", "/api/v1/conversations" },
        { "GET", "/api/v1/events" },
        { "GET", "/api/v1/sandbox/channels" },
        { "GET", "/api/v1/operations/queues" },
        { "GET", "/api/v1/custody" },
        { "POST", "/api/v1/agents" },
        { "POST", "/api/v1/conversations/019a0000-0000-7000-8000-00000000a0a1/replies" },
        { "GET", "/sandbox" },
        { "GET", "/sandbox/page.js" },
    };

    [Theory]
    [MemberData(nameof(Guarded))]
    public async Task PlainProxyInFront_NothingIsAnsweredWithoutTheKey(string method, string path)
    {
        foreach (string? key in (string?[])[null, Key])
        {
            await using ApiHost host = await ApiHost.StartAsync(Closed(key));
            await host.Rows.TenantAsync();
            await using PlainProxy proxy = await PlainProxy.StartAsync(host.Address);

            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(proxy, method, path, _ => { }));
        }
    }

    [Theory]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-Host", "localhost")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Real-IP", "::1")]
    [InlineData("Forwarded", "for=127.0.0.1;host=localhost")]
    [InlineData("X-Original-Host", "127.0.0.1")]
    public async Task SpoofedForwardedHeaders_OpenNothing(string name, string value)
    {
        await using ApiHost host = await ApiHost.StartAsync(Closed(Key));
        await host.Rows.TenantAsync();
        await using PlainProxy proxy = await PlainProxy.StartAsync(host.Address);

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(
            proxy, "GET", "/api/v1/conversations", r => r.Headers.Add(name, value)));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("127.0.0.1.rebound.example.com")]
    [InlineData("rebound.example.com")]
    public async Task Directly_ByWhateverName_NeedsTheKey(string hostName)
    {
        await using ApiHost host = await ApiHost.StartAsync(Closed(null));
        await host.Rows.TenantAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/conversations");
        request.Headers.Host = hostName;

        using HttpResponseMessage response = await host.Client.SendAsync(request);
        JsonElement problem = JsonElement.Parse(await response.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("key_required", problem.GetProperty("code").GetString());
        Assert.Contains("VELLARYS_API_KEY", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithTheKey_TheProxyIsNoHindrance()
    {
        await using ApiHost host = await ApiHost.StartAsync(Closed(Key));
        await host.Rows.TenantAsync();
        await using PlainProxy proxy = await PlainProxy.StartAsync(host.Address);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(
            proxy, "GET", "/api/v1/conversations",
            r => r.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key)));
    }

    [Fact]
    public async Task WithoutAnyKey_HealthAndTheIndexAnswer()
    {
        await using ApiHost host = await ApiHost.StartAsync(Closed(null));
        await using PlainProxy proxy = await PlainProxy.StartAsync(host.Address);

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(proxy, "GET", "/health", _ => { }));
        Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(proxy, "GET", "/", _ => { }));
        (HttpStatusCode status, JsonElement index) = await host.GetAsync("/api/v1");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains(
            index.GetProperty("endpoints").EnumerateArray(),
            e => e.GetProperty("path").GetString() == "/api/v1/conversations/{id}/takeover"
                && e.GetProperty("methods")[0].GetString() == "POST");
    }

    private static Dictionary<string, string?> Closed(string? key) =>
        new() { ["Api:AllowKeyless"] = "false", ["VELLARYS_API_KEY"] = key };

    private static async Task<HttpStatusCode> StatusAsync(
        PlainProxy proxy, string method, string path, Action<HttpRequestMessage> prepare)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        if (method == "POST") request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        prepare(request);
        using HttpResponseMessage response = await proxy.Client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead);
        return response.StatusCode;
    }
}
