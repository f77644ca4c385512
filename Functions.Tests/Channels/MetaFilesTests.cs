using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Channels;
using Vellarys.Channels.Dialog360;
using Vellarys.Channels.MetaCloud;
using Xunit;

namespace Vellarys.Tests.Channels;

/// <summary>Files both ways, at Meta and at 360dialog.</summary>
public sealed class MetaFilesTests : IAsyncLifetime
{
    private static readonly Guid Id = Guid.Parse("018f3c1e-5a77-7000-8000-0123456789ab");
    private static readonly InboundMedia Photo = new("image", "77001", "image/jpeg", null, null);
    private ProviderServer _server = null!;

    public async Task InitializeAsync() => _server = await ProviderServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(
        "meta-cloud", "image", "image/png", false, """{"type":"image","image":{"id":"UP1","caption":"Olha"}}""")]
    [InlineData(
        "360dialog", "image", "image/png", false, """{"type":"image","image":{"id":"UP1","caption":"Olha"}}""")]
    [InlineData("meta-cloud", "audio", "audio/ogg", true, """{"type":"audio","audio":{"id":"UP1","voice":true}}""")]
    [InlineData("meta-cloud", "audio", "audio/mpeg", true, """{"type":"audio","audio":{"id":"UP1"}}""")]
    [InlineData(
        "meta-cloud", "video", "video/mp4", false, """{"type":"video","video":{"id":"UP1","caption":"Olha"}}""")]
    [InlineData("meta-cloud", "sticker", "image/webp", false, """{"type":"sticker","sticker":{"id":"UP1"}}""")]
    [InlineData(
        "meta-cloud", "image", "image/heic", false,
        """{"type":"document","document":{"id":"UP1","caption":"Olha","filename":"foto ü.x"}}""")]
    public async Task SendAsync_File_IsUploadedAndThenSentByItsId(
        string kind, string type, string mime, bool voice, string expected)
    {
        _server.Answer = context => context.Response.WriteAsync(
            context.Request.Path.Value!.EndsWith("/media", StringComparison.Ordinal)
                ? """{"id":"UP1"}"""
                : """{"messages":[{"id":"wamid.OUT"}]}""");
        Assert.Equal(new SendOutcome.Sent("wamid.OUT"), await SendAsync(kind, type, mime, voice, link: null));
        var requests = _server.Requests.ToArray();
        Assert.Equal(2, requests.Length);
        string root = kind == "meta-cloud" ? "/v9/1055" : "";
        Assert.Equal((root + "/media", root + "/messages"), (requests[0].Path, requests[1].Path));
        Assert.StartsWith("multipart/form-data", requests[0].Headers["Content-Type"], StringComparison.Ordinal);
        foreach (string part in (string[])
            ["name=\"messaging_product\"", "whatsapp", "name=\"type\"", mime, "name=\"file\"", "the bytes", "foto__.x"])
            Assert.Contains(part, requests[0].Body, StringComparison.Ordinal);
        Assert.Equal(
            Encoding.UTF8.GetByteCount(requests[0].Body), int.Parse(requests[0].Headers["Content-Length"], null));
        (string header, string secret) =
            kind == "meta-cloud" ? ("Authorization", "Bearer token") : ("D360-API-KEY", "token");
        Assert.All(requests, r => Assert.Equal(secret, r.Headers[header]));
        JsonObject sent = JsonNode.Parse(requests[1].Body)!.AsObject();
        foreach ((string name, JsonNode? value) in JsonNode.Parse(expected)!.AsObject())
            Assert.True(JsonNode.DeepEquals(value, sent[name]), sent.ToJsonString());
    }

    [Fact]
    public async Task SendAsync_FileWithALink_IsSentByTheLink()
    {
        _server.AnswerWith(200, """{"messages":[{"id":"wamid.OUT"}]}""");
        await SendAsync("meta-cloud", "document", "application/pdf", false, new Uri("https://x.example/a?b=1"));
        JsonNode document = JsonNode.Parse(Assert.Single(_server.Requests).Body)!["document"]!;
        Assert.Equal(
            ("https://x.example/a?b=1", "foto ü.x"), ((string?)document["link"], (string?)document["filename"]));
    }

    [Theory]
    [InlineData(500, "", "NotNow", "http_500")]
    [InlineData(400, """{"error":{"code":131053}}""", "Refused", "131053")]
    [InlineData(401, """{"error":{"code":190}}""", "Refused", "190")]
    [InlineData(200, "{}", "NotNow", "no_id")]
    [InlineData(429, """{"error":{"code":80007}}""", "NotNow", "80007")]
    public async Task SendAsync_UploadFails_NothingIsSentAndNothingIsInDoubt(
        int status, string body, string expected, string code)
    {
        _server.AnswerWith(status, body);
        SendOutcome outcome = await SendAsync("meta-cloud", "image", "image/png", false, null);
        Assert.Equal(expected, outcome.GetType().Name);
        Assert.Equal(
            code, outcome is SendOutcome.NotNow later ? later.Code : ((SendOutcome.Refused)outcome).Code);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task SendAsync_FileThatCannotBeRead_IsSaidSo()
    {
        Assert.Equal(
            new SendOutcome.Refused("file_missing"),
            await SendAsync("meta-cloud", "image", "image/png", false, null, _ => throw new FileNotFoundException()));
        Assert.Equal(
            new SendOutcome.NotNow("file_unreadable"),
            await SendAsync("meta-cloud", "image", "image/png", false, null, _ => throw new IOException()));
        Assert.Equal(
            new SendOutcome.Refused("file_too_large"),
            await SendAsync("meta-cloud", "document", "image/png", false, null, length: 101 * 1_024 * 1_024));
        Assert.Empty(_server.Requests);
    }

    [Theory]
    [InlineData("meta-cloud")]
    [InlineData("360dialog")]
    public async Task DownloadAsync_File_ComesInTwoSteps(string kind)
    {
        Serve(kind == "meta-cloud" ? _server.Url : "https://lookaside.fbsbx.com");
        await using Owned provider = new(Provider(kind));
        var opened = Assert.IsType<MediaDownload.Opened>(
            await provider.Inner.DownloadAsync(Channel(kind), Photo, CancellationToken.None));
        Assert.Equal(("image/jpeg", 9L), (opened.MimeType, opened.Length));
        await using (opened.Content)
        using (var reader = new StreamReader(opened.Content)) Assert.Equal("the bytes", await reader.ReadToEndAsync());
        var requests = _server.Requests.ToArray();
        Assert.Equal(kind == "meta-cloud" ? "/v9/77001" : "/77001", requests[0].Path);
        Assert.Equal("/whatsapp_business/attachments/", requests[1].Path);
        string header = kind == "meta-cloud" ? "Authorization" : "D360-API-KEY";
        Assert.All(requests, r => Assert.EndsWith("token", r.Headers[header], StringComparison.Ordinal));
        Assert.NotEmpty(requests[1].Headers["User-Agent"]);
    }

    [Fact]
    public async Task DownloadAsync_AddressOfSomebodyElse_IsNeverShownTheToken()
    {
        await using ProviderServer other = await ProviderServer.StartAsync();
        Serve(other.Url);
        Assert.Equal(new MediaDownload.NotNow("foreign_address"), await DownloadAsync());
        _server.Answer = async context =>
        {
            if (!context.Request.Path.Value!.Contains("attachments", StringComparison.Ordinal))
                await context.Response.WriteAsync($$"""{"url":"{{_server.Url}}/attachments"}""");
            else
                context.Response.Redirect(other.Url + "/a");
        };
        Assert.Equal(new MediaDownload.NotNow("foreign_address"), await DownloadAsync());
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData(404, "", "Gone", "http_404")]
    [InlineData(410, "", "Gone", "http_410")]
    [InlineData(400, """{"error":{"code":100,"error_subcode":33}}""", "Gone", "100")]
    [InlineData(400, """{"error":{"code":100}}""", "NotNow", "100")]
    [InlineData(404, """{"error":{"code":100}}""", "Gone", "100")]
    [InlineData(401, """{"error":{"code":190}}""", "NotNow", "190")]
    [InlineData(401, "", "NotNow", "http_401")]
    [InlineData(429, "", "NotNow", "http_429")]
    [InlineData(500, """{"error":{"code":1}}""", "NotNow", "1")]
    [InlineData(503, "", "NotNow", "http_503")]
    [InlineData(200, "{}", "NotNow", "http_200")]
    [InlineData(200, "<html>", "NotNow", "http_200")]
    public async Task DownloadAsync_NoFile_IsGoneOrNotNow(int status, string body, string expected, string code)
    {
        _server.AnswerWith(status, body);
        MediaDownload outcome = await DownloadAsync();
        Assert.Equal(
            (expected, code),
            outcome is MediaDownload.Gone gone
                ? ("Gone", gone.Code)
                : ("NotNow", ((MediaDownload.NotNow)outcome).Code));
    }

    [Fact]
    public async Task DownloadAsync_AddressThatRanOut_IsAskedForOnceMore()
    {
        int asked = 0;
        _server.Answer = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("77001", StringComparison.Ordinal))
                await context.Response.WriteAsync($$"""{"url":"{{_server.Url}}/f{{++asked}}"}""");
            else if (context.Request.Path == "/f2")
                await context.Response.WriteAsync("the bytes");
            else
                context.Response.StatusCode = 404;
        };
        var opened = Assert.IsType<MediaDownload.Opened>(await DownloadAsync());
        await opened.Content.DisposeAsync();
        asked = 5;
        Assert.Equal(new MediaDownload.Gone("http_404"), await DownloadAsync());
    }

    [Fact]
    public async Task DownloadAsync_ProviderBreaksOff_IsAnIOExceptionToTheReader()
    {
        var isRead = new TaskCompletionSource();
        _server.Answer = async context =>
        {
            if (context.Request.Path.Value!.EndsWith("77001", StringComparison.Ordinal))
            {
                await context.Response.WriteAsync($$"""{"url":"{{_server.Url}}/f"}""");
                return;
            }

            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            await isRead.Task;
            context.Abort();
        };
        await using Owned provider = new(Provider("meta-cloud"));
        var opened = Assert.IsType<MediaDownload.Opened>(
            await provider.Inner.DownloadAsync(Channel("meta-cloud"), Photo, CancellationToken.None));
        await using (opened.Content)
        {
            await opened.Content.ReadExactlyAsync(new byte[4]);
            isRead.SetResult();
            await Assert.ThrowsAnyAsync<IOException>(() => opened.Content.CopyToAsync(Stream.Null));
        }
    }

    private async Task<MediaDownload> DownloadAsync()
    {
        await using Owned provider = new(Provider("meta-cloud"));
        return await provider.Inner.DownloadAsync(Channel("meta-cloud"), Photo, CancellationToken.None);
    }

    private void Serve(string host) => _server.Answer = context => context.Response.WriteAsync(
        context.Request.Path.Value!.EndsWith("/77001", StringComparison.Ordinal)
            ? $$"""
              {"url":"{{host.Replace("/", "\\/", StringComparison.Ordinal)}}\/whatsapp_business\/attachments\/?mid=1",
               "mime_type":"image/jpeg; x=y","file_size":9,"id":"77001","messaging_product":"whatsapp"}
              """
            : "the bytes");

    private async Task<SendOutcome> SendAsync(
        string kind, string type, string mime, bool voice, Uri? link,
        Func<CancellationToken, Task<Stream>>? open = null, long length = 9)
    {
        open ??= _ => Task.FromResult<Stream>(new MemoryStream("the bytes"u8.ToArray()));
        await using Owned provider = new(Provider(kind));
        var message = new OutboundMessage(new MessageId(Id), Id, "5511999990000", "Olha")
        {
            Content = new OutboundContent.Media(type, Id, voice),
            File = new OutboundFile("foto ü.x", mime, length, link, open),
        };
        return await provider.Inner.SendAsync(Channel(kind), message, CancellationToken.None);
    }

    private IProvider Provider(string kind) => kind == "meta-cloud"
        ? new MetaCloudProvider(
            new MetaCloudOptions { BaseUrl = _server.Url + "/v9" }, TimeProvider.System,
            NullLogger<MetaCloudProvider>.Instance)
        : new Dialog360Provider(
            new Dialog360Options { BaseUrl = _server.Url }, TimeProvider.System,
            NullLogger<Dialog360Provider>.Instance);

    private static Channel Channel(string kind) =>
        new(new TenantId(Id), new ChannelId(Id), kind, "1055", "token", [], "", true);

    private sealed class Owned(IProvider inner) : IAsyncDisposable
    {
        public IProvider Inner => inner;

        public ValueTask DisposeAsync()
        {
            (inner as IDisposable)?.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
