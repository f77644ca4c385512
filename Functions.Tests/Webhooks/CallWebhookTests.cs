using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Http;
using Vellarys.Tests.Secrets;
using Vellarys.Webhooks;
using Vellarys.Webhooks.Endpoints;
using Xunit;

namespace Vellarys.Tests.Webhooks;

/// <summary>The call itself: whom it reaches, what it signs, and how little it believes.</summary>
public sealed class CallWebhookTests
{
    // The example of the Standard Webhooks specification.
    [Fact]
    public void Signature_OfTheSpecificationsExample_IsTheSpecifications() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Of(
            "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, Encoding.UTF8.GetBytes("""{"test": 2432232314}"""),
            ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]));

    [Fact]
    public async Task Signature_WhileTwoSecretsAreLive_IsThereOnceForEach()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        (string one, string other) = (WebhookSecret.New(), WebhookSecret.New());
        Assert.True((await CallAsync(receiver.Url, allowsLocal: true, one, other)).IsTaken);
        Call call = Assert.Single(receiver.Calls);
        Assert.True(call.IsSignedWith(one) && call.IsSignedWith(other));
        Assert.False(call.IsSignedWith(WebhookSecret.New()));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("169.254.169.254")]
    [InlineData("[::ffff:169.254.169.254]")]
    [InlineData("10.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("0.0.0.0")]
    public async Task Address_OfThisMachineOrItsNetwork_IsNotCalled(string host)
    {
        using var listener = new TcpListener(IPAddress.IPv6Any, 0);
        listener.Server.DualMode = true;
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        CallOutcome outcome = await CallAsync($"http://{host}:{port}/", allowsLocal: false, WebhookSecret.New());
        Assert.Equal("not_public", outcome.Reason);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Redirect_ToAnywhere_IsAFailureAndNotFollowed()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = _ => Task.FromResult(307);
        CallOutcome outcome = await CallAsync(receiver.Url, allowsLocal: true, WebhookSecret.New());
        Assert.Equal((307, "status_307"), (outcome.Status, outcome.Reason));
        Assert.Single(receiver.Calls);
    }

    [Fact]
    public async Task Receiver_ThatNeverAnswers_IsLeftAfterTheLimit()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        TaskCompletionSource<int> never = new();
        receiver.Answer = _ => never.Task;
        CallOutcome outcome = await TimedCallAsync(receiver.Url, allowsLocal: true, "0:0:0.3", WebhookSecret.New());
        never.SetResult(200);
        Assert.Equal((null, "timeout"), (outcome.Status, outcome.Reason));
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("fc00::7")]
    [InlineData("fe80::1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("192.0.0.192")]
    public async Task Name_ThatLeadsInside_IsNotCalled(string address)
    {
        using var client = new HttpClient(PublicAddress.Handler(
            allowsLoopback: false, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)])));
        HttpRequestException refused = await Assert.ThrowsAnyAsync<HttpRequestException>(
            () => client.PostAsync(new Uri("http://crm.example.com/"), content: null));
        for (Exception? cause = refused; cause is not NotPublicAddress; cause = cause.InnerException)
            Assert.NotNull(cause);
    }

    // A name of two families, one of which leads nowhere from here.
    [Fact]
    public async Task Name_WhoseFirstAddressAnswersNobody_IsCalledAtTheNext()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        using var client = new HttpClient(PublicAddress.Handler(
            allowsLoopback: true,
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.77"), IPAddress.Loopback])));
        using HttpResponseMessage answer = await client.PostAsync(
            new Uri($"http://crm.example.com:{new Uri(receiver.Url).Port}/hooks"), content: null);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", null)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", null)]
    [InlineData("HTTP/1.1 410 Gone\r\n\r\n", "status_410")]
    [InlineData("HTTP/1.1 308 Permanent Redirect\r\nLocation: http://127.0.0.1/\r\n\r\n", "status_308")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: gopher://[::1]/\r\n\r\n", "status_301")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Endless: ", "connection")]
    [InlineData("ola", "connection")]
    public async Task Answer_WithoutEnd_IsReadNoFurtherThanItsHead(string head, string? reason)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task server = AnswerAsync(listener, head);
        CallOutcome outcome = await CallAsync(
            $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/", allowsLocal: true, WebhookSecret.New());
        Assert.Equal(reason, outcome.Reason);
        await server;
    }

    // Header after header, each in time by itself: the limit is of the whole call.
    [Fact]
    public async Task Answer_ThatDrips_IsLeftAfterTheLimit()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task server = AnswerAsync(listener, "HTTP/1.1 200 OK\r\n", "X-Drip: 1\r\n", TimeSpan.FromMilliseconds(50));
        CallOutcome outcome = await TimedCallAsync(
            $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/", allowsLocal: true, "0:0:0.5",
            WebhookSecret.New());
        Assert.Equal("timeout", outcome.Reason);
        await server;
    }

    [Theory]
    [InlineData("http://example.com/", "must be https")]
    [InlineData("ftp://example.com/", "must be an absolute https address")]
    [InlineData("/hooks", "must be an absolute https address")]
    [InlineData("https://user:secret@example.com/", "must not hold a user or a password")]
    [InlineData("https://example.com/#a", "must not have a fragment")]
    [InlineData("https://127.0.0.1/", "must be on the public internet")]
    [InlineData("https://localhost/", "must be on the public internet")]
    [InlineData("https://[::1]/", "must be on the public internet")]
    [InlineData("https://[::ffff:10.0.0.1]/", "must be on the public internet")]
    [InlineData("https://169.254.169.254/latest/meta-data", "must be on the public internet")]
    [InlineData("https://0x7f000001/", "must be on the public internet")]
    [InlineData("https://10.1.2.3:8443/", "must be on the public internet")]
    public void Input_OfAnAddressThatWillNotDo_IsRefused(string url, string reason) => Assert.Equal(
        reason, new EndpointInput(url, null, ["message.sent"], null, null, null).Fault(allowsLocal: false)?.Reason);

    [Fact]
    public void Input_OfAPublicAddress_IsTaken() => Assert.Null(
        new EndpointInput("https://crm.example.com:8443/vellarys?k=1", null, ["message.sent"], null, null, null)
            .Fault(allowsLocal: false));

    /// <summary>Goes on with one and the same until the other side has had enough.</summary>
    private static async Task AnswerAsync(
        TcpListener listener, string head, string more = "0123456789abcdef", TimeSpan pause = default)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
            byte[] bytes = Encoding.ASCII.GetBytes(more);
            while (true)
            {
                await stream.WriteAsync(bytes);
                if (pause > TimeSpan.Zero) await Task.Delay(pause, TimeProvider.System);
            }
        }
        catch (IOException)
        {
            // It has.
        }
    }

    private static Task<CallOutcome> CallAsync(string url, bool allowsLocal, params string[] secrets) =>
        TimedCallAsync(url, allowsLocal, "0:1:0", secrets);

    private static async Task<CallOutcome> TimedCallAsync(
        string url, bool allowsLocal, string timeout, params string[] secrets)
    {
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Webhooks:AllowLocal"] = allowsLocal.ToString(), ["Webhooks:Timeout"] = timeout,
        }).Build();
        await using ServiceProvider services =
            new ServiceCollection().AddLogging()
                .AddSingleton(Rings.Box("k1")).AddOutboundWebhooks(settings).BuildServiceProvider();
        return await services.GetRequiredService<CallWebhook>().RunAsync(
            new Uri(url), Ids.New(TimeProvider.System), "{}"u8.ToArray(), secrets, default);
    }
}
