using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
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
            new ServiceCollection().AddLogging().AddOutboundWebhooks(settings).BuildServiceProvider();
        return await services.GetRequiredService<CallWebhook>().RunAsync(
            new Uri(url), Ids.New(TimeProvider.System), "{}"u8.ToArray(), secrets, default);
    }
}
