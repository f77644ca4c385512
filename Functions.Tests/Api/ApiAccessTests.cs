using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;
using Xunit;

namespace Vellarys.Tests.Api;

public sealed class ApiAccessTests
{
    private const string Key = "a-key-of-sufficient-length";
    private static readonly IPAddress Stranger = IPAddress.Parse("203.0.113.7");

    [Theory]
    [InlineData("localhost", null, HttpStatusCode.OK)]
    [InlineData("127.0.0.1:7071", null, HttpStatusCode.OK)]
    [InlineData("[::1]:7071", null, HttpStatusCode.OK)]
    [InlineData("rebound.example.com", null, HttpStatusCode.Forbidden)]
    [InlineData("localhost.example.com", null, HttpStatusCode.Forbidden)]
    [InlineData("localhost", "X-Forwarded-For", HttpStatusCode.Forbidden)]
    [InlineData("localhost", "Forwarded", HttpStatusCode.Forbidden)]
    public async Task Keyless_FromThisMachine_NeedsItsOwnNameAndNoProxy(
        string hostName, string? proxyHeader, HttpStatusCode expected)
    {
        await using ApiHost host = await ApiHost.StartAsync();
        await host.Rows.TenantAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/conversations");
        request.Headers.Host = hostName;
        if (proxyHeader is not null) request.Headers.Add(proxyHeader, "127.0.0.1");

        using HttpResponseMessage response = await host.Client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Keyless_FromElsewhere_OnlyHealthAnswers()
    {
        await using ApiHost host = await ApiHost.StartAsync(remote: Stranger);
        await host.Rows.TenantAsync();

        (HttpStatusCode api, JsonElement problem) = await host.GetAsync("/api/v1/conversations");
        HttpStatusCode page = (await host.Client.GetAsync("/sandbox")).StatusCode;
        HttpStatusCode asset = (await host.Client.GetAsync("/sandbox/page.js")).StatusCode;
        (HttpStatusCode health, _) = await host.GetAsync("/health");

        Assert.Equal(HttpStatusCode.Forbidden, api);
        Assert.Equal("local_only", problem.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, page);
        Assert.Equal(HttpStatusCode.Forbidden, asset);
        Assert.Equal(HttpStatusCode.OK, health);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Basic " + Key, HttpStatusCode.Unauthorized)]
    [InlineData("Bearer " + Key, HttpStatusCode.OK)]
    public async Task WithKey_FromAnywhere_NeedsTheKey(string? authorization, HttpStatusCode expected)
    {
        await using ApiHost host = await ApiHost.StartAsync(new() { ["VELLARYS_API_KEY"] = Key }, Stranger);
        await host.Rows.TenantAsync();
        if (authorization is not null)
        {
            host.Client.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(authorization);
        }

        using HttpResponseMessage response = await host.Client.GetAsync("/api/v1/conversations");

        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.Unauthorized)
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task WithKey_PageOpenedWithIt_GetsACookieThatIsNotTheKey()
    {
        await using ApiHost host = await ApiHost.StartAsync(new() { ["Api:Key"] = Key }, Stranger);
        await host.Rows.TenantAsync();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        using var browser = new HttpClient(handler) { BaseAddress = host.Address };

        using HttpResponseMessage bare = await browser.GetAsync("/sandbox");
        using HttpResponseMessage wrong = await browser.GetAsync("/sandbox?key=not-the-key");
        using HttpResponseMessage right = await browser.GetAsync($"/sandbox?key={Key}");
        string cookie = Assert.Single(right.Headers.GetValues("Set-Cookie"));
        using var next = new HttpRequestMessage(HttpMethod.Get, "/api/v1/conversations");
        next.Headers.Add("Cookie", cookie.Split(';')[0]);
        using HttpResponseMessage withCookie = await browser.SendAsync(next);

        Assert.Equal(HttpStatusCode.Unauthorized, bare.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.False(wrong.Headers.Contains("Set-Cookie"));
        Assert.Equal("/sandbox", right.Headers.Location!.ToString());
        Assert.DoesNotContain(Key, cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, withCookie.StatusCode);
    }

    [Fact]
    public async Task WithKey_BrowserWithoutIt_IsAskedByAFormThatLeadsToThePage()
    {
        await using ApiHost host = await ApiHost.StartAsync(new() { ["Api:Key"] = Key }, Stranger);
        await host.Rows.TenantAsync();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false };
        using var browser = new HttpClient(handler) { BaseAddress = host.Address };
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");

        using HttpResponseMessage asked = await browser.GetAsync("/sandbox");
        using HttpResponseMessage wrong = await ShowAsync("not-the-key");
        using HttpResponseMessage right = await ShowAsync(Key);

        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.Contains("<form", await asked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal("/sandbox", right.Headers.Location!.ToString());
        Assert.True(right.Headers.Contains("Set-Cookie"));

        async Task<HttpResponseMessage> ShowAsync(string key)
        {
            using FormUrlEncodedContent form = new([new("key", key)]);
            return await browser.PostAsync("/sandbox", form);
        }
    }

    [Fact]
    public async Task ChangingRequest_FromAPageOfAnotherSite_IsRefused()
    {
        await using ApiHost host = await ApiHost.StartAsync();
        TenantId tenant = await host.Rows.TenantAsync();
        ConversationId id = await host.Rows.ConversationAsync(tenant, await host.Rows.ChannelAsync(tenant));

        using HttpResponseMessage foreign = await PostFromAsync("https://elsewhere.example");
        using HttpResponseMessage own = await PostFromAsync(host.Address.GetLeftPart(UriPartial.Authority));

        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);

        Task<HttpResponseMessage> PostFromAsync(string origin)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/conversations/{id}/takeover");
            request.Headers.Add("Origin", origin);
            return host.Client.SendAsync(request);
        }
    }

    [Fact]
    public async Task ShortKey_AtStart_IsRefused()
    {
        var fault = await Assert.ThrowsAsync<OptionsValidationException>(
            () => ApiHost.StartAsync(new() { ["Api:Key"] = "short" }));

        Assert.Contains("Api:Key", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_OfEveryKind_AreProblems()
    {
        await using ApiHost host = await ApiHost.StartAsync(
            map: app =>
                app.MapGet("/api/v1/broken", string () => throw new InvalidOperationException("secret detail")));
        TenantId tenant = await host.Rows.TenantAsync();
        ConversationId id = await host.Rows.ConversationAsync(tenant, await host.Rows.ChannelAsync(tenant));
        string replies = $"/api/v1/conversations/{id}/replies";

        await ProblemAsync(HttpMethod.Get, "/api/v1/nothing", null, 404, "no_such_route");
        await ProblemAsync(HttpMethod.Get, "/api/v1/conversations/not-an-id", null, 404, "no_such_route");
        await ProblemAsync(HttpMethod.Delete, "/api/v1/conversations", null, 405, "method_not_allowed");
        await ProblemAsync(HttpMethod.Post, replies, new StringContent("text=oi"), 415, "unsupported_media_type");
        await ProblemAsync(HttpMethod.Post, replies, Json(new string('x', 70_000)), 413, "body_too_large");
        string body = await ProblemAsync(HttpMethod.Get, "/api/v1/broken", null, 500, "internal_error");
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", body, StringComparison.Ordinal);

        static StringContent Json(string text) =>
            new($$"""{"text":"{{text}}"}""", Encoding.UTF8, "application/json");

        async Task<string> ProblemAsync(HttpMethod method, string path, HttpContent? content, int status, string code)
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using HttpResponseMessage response = await host.Client.SendAsync(request);
            string text = await response.Content.ReadAsStringAsync();
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal(code, JsonElement.Parse(text).GetProperty("code").GetString());
            return text;
        }
    }
}
