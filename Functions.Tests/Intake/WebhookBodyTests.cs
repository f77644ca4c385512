using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Vellarys.Http;
using Vellarys.Tests.Channels;
using Xunit;

namespace Vellarys.Tests.Intake;

/// <summary>
/// What a stranger's request costs: nothing is read before it looks signed, and memory is for what came.
/// </summary>
public sealed class WebhookBodyTests
{
    private const string Meta = "/api/v1/webhooks/meta-cloud";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string Signature = "X-Hub-Signature-256: sha256=" + new string('a', 64);

    [Theory]
    [InlineData("/api/v1/webhooks/nobody", true, "404")]
    [InlineData(Meta, false, "401")]
    public async Task Post_StrangerWhoseBodyNeverComes_IsAnsweredByItsHeaders(string path, bool isSigned, string status)
    {
        await using AcceptWebhookHost host = await AcceptWebhookHost.StartAsync();
        using TcpClient client = await SendAsync(host, path, isSigned, 3_000_000, "");
        using var reader = new StreamReader(client.GetStream());
        Assert.Contains(status, await reader.ReadLineAsync().WaitAsync(Patience), StringComparison.Ordinal);
        Assert.Equal(0, Budget(host).Taken);
    }

    [Fact]
    public async Task Post_ManyThatPromiseMuchAndSendLittle_TakeMemoryForWhatCame()
    {
        const int sockets = 50;
        await using AcceptWebhookHost host = await AcceptWebhookHost.StartAsync();
        List<TcpClient> clients = [];
        for (int i = 0; i < sockets; i++) clients.Add(await SendAsync(host, Meta, true, 3_000_000, "{\"object\":"));

        await UntilAsync(() => Budget(host).Taken == sockets * 4_096);

        clients.ForEach(c => c.Dispose());
        await UntilAsync(() => Budget(host).Taken == 0);
        using HttpResponseMessage honest = await host.PostAsync(Payloads.Read("01-text.json"));
        Assert.Equal(HttpStatusCode.OK, honest.StatusCode);
    }

    [Fact]
    public async Task Post_NoRoomForIt_IsToBeSentAgainWhole()
    {
        await using AcceptWebhookHost host = await AcceptWebhookHost.StartAsync(services =>
            services.AddSingleton(new ApiOptions { MaxBodyBytesInFlight = 100_000 }));
        BodyBudget budget = Budget(host);
        Assert.True(budget.TryTake(99_000, isLarge: false));
        using (HttpResponseMessage answer = await host.PostAsync(Payloads.Read("01-text.json")))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        Assert.Empty(host.Queued);
        Assert.True(budget.IsShort);
        budget.Return(99_000);
        using HttpResponseMessage again = await host.PostAsync(Payloads.Read("01-text.json"));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Single(host.Queued);
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public async Task Post_LargeBodiesInFlight_LeaveHalfToTheSmallOnes()
    {
        await using AcceptWebhookHost host = await AcceptWebhookHost.StartAsync(services =>
            services.AddSingleton(new ApiOptions { MaxBodyBytesInFlight = 200_000 }));
        BodyBudget budget = Budget(host);
        Assert.True(budget.TryTake(90_000, isLarge: true));
        Assert.False(budget.TryTake(20_000, isLarge: true));
        using HttpResponseMessage small = await host.PostAsync(Payloads.Read("01-text.json"));
        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
    }

    [Fact]
    public async Task Post_BodyThatDribbles_IsGivenUp()
    {
        await using AcceptWebhookHost host = await AcceptWebhookHost.StartAsync(services =>
            services.AddSingleton(new ApiOptions { BodyTimeout = TimeSpan.FromMilliseconds(50) }));
        using TcpClient client = await SendAsync(host, Meta, true, 1_000, "{");
        using var reader = new StreamReader(client.GetStream());
        Assert.Contains("408", await reader.ReadLineAsync().WaitAsync(Patience), StringComparison.Ordinal);
        Assert.Empty(host.Queued);
        Assert.Equal(0, Budget(host).Taken);
    }

    private static BodyBudget Budget(AcceptWebhookHost host) => host.Services.GetRequiredService<BodyBudget>();

    private static async Task<TcpClient> SendAsync(
        AcceptWebhookHost host, string path, bool isSigned, int promised, string body)
    {
        var client = new TcpClient();
        await client.ConnectAsync(host.Url.Host, host.Url.Port);
        string signature = isSigned ? Signature + "\r\n" : "";
        string head = $"POST {path} HTTP/1.1\r\nHost: localhost\r\n{signature}Content-Length: {promised}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head + body));
        return client;
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!isSo()) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
    }
}
