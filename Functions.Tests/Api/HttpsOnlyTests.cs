using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Vellarys.Http;
using Xunit;

namespace Vellarys.Tests.Api;

public sealed class HttpsOnlyTests
{
    private static readonly IPAddress Proxy = IPAddress.Parse("10.1.2.3");
    private static readonly IPAddress Stranger = IPAddress.Parse("203.0.113.7");

    public static TheoryData<string?, bool, HttpStatusCode> Cases => new()
    {
        { null, true, HttpStatusCode.Forbidden },
        { "http", true, HttpStatusCode.Forbidden },
        { "https", true, HttpStatusCode.OK },
        { "HTTPS", true, HttpStatusCode.OK },
        { "http, https", true, HttpStatusCode.OK },
        // What the caller wrote comes before what the proxy added.
        { "https, http", true, HttpStatusCode.Forbidden },
        { "https", false, HttpStatusCode.Forbidden },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Request_IsServedWhereATrustedProxySaysHttps(
        string? proto, bool isFromProxy, HttpStatusCode expected)
    {
        await using ApiHost host = await StartAsync(isFromProxy ? Proxy : Stranger);
        foreach ((HttpMethod method, string path) in (ValueTuple<HttpMethod, string>[])
            [(HttpMethod.Get, "/api/v1/conversations"), (HttpMethod.Post, "/api/v1/webhooks/any")])
        {
            using HttpRequestMessage request = new(method, path);
            request.Headers.Authorization = new("Bearer", "a-key-of-sufficient-length");
            if (proto is not null) request.Headers.Add("X-Forwarded-Proto", proto);

            using HttpResponseMessage response = await host.Client.SendAsync(request);

            Assert.Equal(expected, response.StatusCode);
            Assert.Equal(expected == HttpStatusCode.OK, response.Headers.Contains("Strict-Transport-Security"));
            if (expected != HttpStatusCode.OK)
            {
                Assert.Contains(
                    "https_required", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Health_IsServedInTheClear()
    {
        await using ApiHost host = await StartAsync(Stranger);

        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/health")).StatusCode);
    }

    [Fact]
    public async Task PageOpenedThroughTheProxy_GetsASecureCookie()
    {
        await using ApiHost host = await StartAsync(Proxy);
        using HttpClient browser = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        using HttpRequestMessage request = new(
            HttpMethod.Get, new Uri(host.Address, "/sandbox?key=a-key-of-sufficient-length"));
        request.Headers.Add("X-Forwarded-Proto", "https");

        using HttpResponseMessage response = await browser.SendAsync(request);

        string cookie = response.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task TrustedProxies_ThatAreNone_AreSaidAtTheStart()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(
            () => ApiHost.StartAsync(new() { ["Api:TrustedProxies"] = "127.0.0.1, nowhere" }));

        Assert.Contains("'nowhere'", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<ApiHost> StartAsync(IPAddress remote)
    {
        ApiHost host = await ApiHost.StartAsync(
            new()
            {
                ["Api:RequireHttps"] = "true",
                ["Api:TrustedProxies"] = "10.0.0.0/8",
                ["Api:Key"] = "a-key-of-sufficient-length",
            },
            remote,
            map: app => app.MapPost("/api/v1/webhooks/any", () => Results.Ok()).WithMetadata(new OpenToAll()));
        await host.Rows.TenantAsync();
        return host;
    }
}
