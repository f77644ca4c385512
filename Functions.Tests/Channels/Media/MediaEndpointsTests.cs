using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Vellarys.Tests.Api;
using Xunit;

namespace Vellarys.Tests.Channels.Media;

/// <summary>Uploads and links over HTTP, by callers who take no care.</summary>
public sealed class MediaEndpointsTests : IAsyncLifetime
{
    private static readonly byte[] Picture = [0xFF, 0xD8, 0xFF, 0xE0, .. new byte[60_000]];
    private readonly string _folder =
        Path.Combine(Path.GetTempPath(), $"media-{Ids.New(TimeProvider.System):N}");
    private ApiHost _host = null!;
    private TenantId _tenant;

    public async Task InitializeAsync()
    {
        _host = await ApiHost.StartAsync(new()
        {
            ["Media:Folder"] = _folder, ["Media:MaxBytes"] = "100000",
            ["Encryption:Keys"] = "t:" + Convert.ToBase64String(new byte[32]),
        });
        _tenant = await _host.Rows.TenantAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Upload_ThenLink_GivesTheFileToWhoeverHasTheLinkAndNobodyElse()
    {
        var id = Ids.New(TimeProvider.System);
        (HttpStatusCode status, JsonElement made) = await PutAsync(
            $"{id}?kind=image&fileName=a%2F..%2Ffoto.jpg", Picture);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            ("stored", "foto.jpg", "image/jpeg"),
            (made.GetProperty("state").GetString(), made.GetProperty("fileName").GetString(),
                made.GetProperty("mimeType").GetString()));

        string url = made.GetProperty("url").GetString()!;
        using HttpResponseMessage file = await _host.Client.GetAsync(url);
        Assert.Equal(Picture, await file.Content.ReadAsByteArrayAsync());
        Assert.Equal("nosniff", file.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(
            "default-src 'none'; sandbox", file.Headers.GetValues("Content-Security-Policy").Single());
        using var part = new HttpRequestMessage(HttpMethod.Get, url);
        part.Headers.Range = new RangeHeaderValue(0, 2);
        using HttpResponseMessage first = await _host.Client.SendAsync(part);
        Assert.Equal(HttpStatusCode.PartialContent, first.StatusCode);

        // One letter of the signature's middle.
        int at = url.Length - 10;
        string forged = url[..at] + (url[at] == 'A' ? 'B' : 'A') + url[(at + 1)..];
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Client.GetAsync(forged)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _host.Client.GetAsync("/media/x")).StatusCode);
        TenantId other = await _host.Rows.TenantAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await _host.GetAsync($"/api/v1/media/{id}", other)).Status);
    }

    [Theory]
    [InlineData("?kind=song", "kind")]
    [InlineData("", "kind")]
    [InlineData("?kind=audio", "body")]
    [InlineData("?kind=image&fileName=foto.jpg.scr", "body")]
    public async Task Upload_Careless_NamesTheField(string query, string field)
    {
        (HttpStatusCode status, JsonElement body) = await PutAsync($"{Ids.New(TimeProvider.System)}{query}", Picture);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, body.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task Upload_TooLarge_Is413WhetherItSaysSoOrNot()
    {
        byte[] large = [.. Picture, .. new byte[60_000]];
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            (await PutAsync($"{Ids.New(TimeProvider.System)}?kind=image", large)).Status);
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            (await PutAsync($"{Ids.New(TimeProvider.System)}?kind=image", large, chunked: true)).Status);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PutAsync(
        string path, byte[] content, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/media/" + path)
        {
            Content = new StreamContent(new MemoryStream(content)),
        };
        request.Headers.Add("X-Tenant-Id", _tenant.ToString());
        request.Headers.TransferEncodingChunked = chunked;
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using HttpResponseMessage answer = await _host.Client.SendAsync(request);
        using JsonDocument body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, body.RootElement.Clone());
    }
}
