using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Vellarys.Assistant;
using Vellarys.Assistant.Model.Chat;
using Vellarys.Channels;
using Vellarys.Channels.MetaCloud;
using Vellarys.Http;
using Vellarys.Tests.Assistant;
using Vellarys.Tests.Channels;
using Xunit;

namespace Vellarys.Tests.Api;

/// <summary>Whoever answers us without end is not listened to without end.</summary>
public sealed class AnswerLimitTests
{
    private const int Limit = 100_000;

    [Theory]
    [InlineData(Limit, false, true)]
    [InlineData(Limit + 1, false, false)]
    [InlineData(Limit + 1, true, false)]
    public async Task Read_UpToTheLimit_IsLetThrough(int bytes, bool chunked, bool isRead)
    {
        await using ProviderServer server = await ProviderServer.StartAsync();
        server.Answer = async http =>
        {
            if (!chunked) http.Response.ContentLength = bytes;
            await http.Response.Body.WriteAsync(new byte[bytes], http.RequestAborted);
        };
        Task<byte[]> read = ReadAsync(server.Url, DecompressionMethods.None);
        if (isRead) Assert.Equal(bytes, (await read).Length);
        else await Assert.ThrowsAsync<AnswerTooLarge>(() => read);
    }

    [Fact]
    public async Task Read_SmallAnswerThatInflates_IsMeasuredInflated()
    {
        await using ProviderServer server = await ProviderServer.StartAsync();
        byte[] bomb = Bomb(50_000_000);
        Assert.InRange(bomb.Length, 1, Limit);
        server.Answer = async http =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            await http.Response.Body.WriteAsync(bomb, http.RequestAborted);
        };
        await Assert.ThrowsAsync<AnswerTooLarge>(() => ReadAsync(server.Url, DecompressionMethods.All));
    }

    [Fact]
    public async Task Model_AnswersWithoutEnd_IsAFaultAndNotWaitedFor()
    {
        await using ModelServer server = await ModelServer.StartAsync();
        server.Answer = (_, http) => PourAsync(http);
        using ChatModel model = Turns.Chat(Turns.Options(server));
        TransientFault fault = await Assert.ThrowsAsync<TransientFault>(() => model.CompleteAsync(
            Turns.Request(), CancellationToken.None));
        Assert.Equal("model_answer_too_large", fault.Code);
    }

    [Fact]
    public async Task Provider_AnswersWithoutEnd_LeavesTheSendInDoubt()
    {
        await using ProviderServer server = await ProviderServer.StartAsync();
        server.Answer = PourAsync;
        using MetaCloudProvider provider = new MetaCloudProvider(
            new MetaCloudOptions { BaseUrl = server.Url }, TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<MetaCloudProvider>.Instance);
        Channel channel = new Channel(
            new TenantId(Ids.New(TimeProvider.System)), new ChannelId(Ids.New(TimeProvider.System)), "meta-cloud", "1",
            "token", [], "", true);
        SendOutcome outcome = await provider.SendAsync(
            channel,
            new OutboundMessage(
                new MessageId(Ids.New(TimeProvider.System)), Ids.New(TimeProvider.System), "5511900000001", "oi"),
            CancellationToken.None);
        Assert.IsType<SendOutcome.Uncertain>(outcome);
    }

    private static async Task<byte[]> ReadAsync(string url, DecompressionMethods methods)
    {
        using var http = new HttpMessageInvoker(
            new AnswerLimit(Limit, new SocketsHttpHandler { AutomaticDecompression = methods }));
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent("") };
        using HttpResponseMessage answer = await http.SendAsync(request, CancellationToken.None);
        await using Stream stream = await answer.Content.ReadAsStreamAsync();
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static async Task PourAsync(HttpContext http)
    {
        byte[] text = Encoding.ASCII.GetBytes(new string('x', 64 * 1_024));
        try
        {
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(text, http.RequestAborted);
                await Task.Yield();
            }
        }
        catch (OperationCanceledException)
        {
            // The caller has heard enough.
        }
    }

    private static byte[] Bomb(int size)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal)) gzip.Write(new byte[size]);
        return bytes.ToArray();
    }
}
