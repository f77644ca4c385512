using System.Net;
using System.Net.Http.Headers;
using Xunit;

namespace Vellarys.Tests.Api;

public sealed class SandboxAssetsTests
{
    [Theory]
    [InlineData("/sandbox", "text/html")]
    [InlineData("/sandbox/page.js", "text/javascript")]
    [InlineData("/sandbox/page.css", "text/css")]
    [InlineData("/sandbox/icon.svg", "image/svg+xml")]
    public async Task Asset_AskedForAgain_IsNotSentAgain(string path, string contentType)
    {
        await using ApiHost host = await ApiHost.StartAsync();

        using HttpResponseMessage first = await host.Client.GetAsync(path);
        EntityTagHeaderValue tag = first.Headers.ETag!;
        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(tag);
        using HttpResponseMessage second = await host.Client.SendAsync(again);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(contentType, first.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", Assert.Single(first.Headers.GetValues("X-Content-Type-Options")));
        string policy = Assert.Single(first.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    [Theory]
    [InlineData("/sandbox/nothing.js")]
    [InlineData("/sandbox/..%2f..%2fappsettings.json")]
    public async Task Asset_NotOfThePage_IsNotFound(string path)
    {
        await using ApiHost host = await ApiHost.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync(path)).StatusCode);
    }
}
