using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Conversations.Sending;

public sealed class DeliverMessageTests
{
    private const string Ana = "5511987650001";
    private static readonly TenantSettings Quick = new() { QuietMs = 0, ShowsTyping = false, MessagesPerMinute = 0 };

    [Fact]
    public async Task Sent_IsSettledWithTheProvidersId()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.RunAsync(Queues.MessageDelivery);

        OutboundMessage sent = Assert.Single(pipeline.Provider.Sends);
        Assert.Equal(Ana, sent.To);
        Assert.Equal($"sent/out.{sent.Id}/1", await pipeline.ScalarAsync<string>(
            "select state || '/' || provider_message_id || '/' || sends from deliveries"));
    }

    [Fact]
    public async Task SilentSend_WaitsThenGoesOutOnceMoreMarked()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(new SendOutcome.Uncertain("timeout", false));
        await pipeline.RunAsync(Queues.MessageDelivery);
        Assert.Equal("unknown", await StateAsync(pipeline));

        pipeline.Provider.Outcome = m => Task.FromResult<SendOutcome>(new SendOutcome.Sent("out." + m.Id));
        await pipeline.SettleAsync();
        Assert.Single(pipeline.Provider.Sends);

        await pipeline.TravelAsync(TimeSpan.FromSeconds(90));
        await PassAsync(pipeline);
        Assert.Equal(2, pipeline.Provider.Sends.Count);
        Assert.Equal("sent/true", await pipeline.ScalarAsync<string>("select state || '/' || resent from deliveries"));
    }

    [Fact]
    public async Task SilentTwice_FailsVisibly()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(new SendOutcome.Uncertain("timeout", false));
        for (int n = 0; n < 4; n++) await PassAsync(pipeline);

        Assert.Equal(2, pipeline.Provider.Sends.Count);
        Assert.Equal(
            "failed/unconfirmed", await pipeline.ScalarAsync<string>("select state || '/' || reason from deliveries"));
        Assert.Equal(0, await pipeline.ScalarAsync<long>(
            "select count(*) from queue_messages where queue = 'message-delivery'"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TroubleOfAnyKind_AgainAndAgain_IsSentTwiceInAllAndFailsVisibly(bool crashes)
    {
        await using Pipeline pipeline = await AnsweredAsync();
        pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(new SendOutcome.Uncertain("131000", true));
        for (int n = 0; n < 8; n++)
        {
            // Every other worker dies with the answer in its hands.
            pipeline.CrashPoints.At = crashes && n % 2 == 0 ? "deliver:after-send" : null;
            await pipeline.TravelAsync(TimeSpan.FromMinutes(2));
            foreach (TestDelivery due in await pipeline.TakeAsync(Queues.MessageDelivery))
                await Record.ExceptionAsync(() => pipeline.RunAsync(due));
        }

        Assert.Equal(2, pipeline.Provider.Sends.Count);
        Assert.Equal("failed/unconfirmed/true", await pipeline.ScalarAsync<string>(
            "select state || '/' || reason || '/' || resent from deliveries"));
        Assert.Equal(0, await pipeline.ScalarAsync<long>(
            "select count(*) from queue_messages where queue = 'message-delivery'"));
    }

    [Fact]
    public async Task SecondSendThatNeverLeft_CountsForNothing()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(new SendOutcome.Uncertain("131000", true));
        await pipeline.RunAsync(Queues.MessageDelivery);
        pipeline.CrashPoints.At = "deliver:before-send";
        for (int n = 0; n < 4; n++)
        {
            await pipeline.TravelAsync(TimeSpan.FromMinutes(2));
            foreach (TestDelivery due in await pipeline.TakeAsync(Queues.MessageDelivery))
                await Record.ExceptionAsync(() => pipeline.RunAsync(due));
        }

        Assert.Single(pipeline.Provider.Sends);
        pipeline.CrashPoints.At = null;
        pipeline.Provider.Outcome = m => Task.FromResult<SendOutcome>(new SendOutcome.Sent("out." + m.Id));
        for (int n = 0; n < 2; n++) await PassAsync(pipeline);
        Assert.Equal(2, pipeline.Provider.Sends.Count);
        Assert.Equal("sent/2/true", await pipeline.ScalarAsync<string>(
            "select state || '/' || sends || '/' || resent from deliveries"));
    }

    [Fact]
    public async Task StatusWebhook_ResolvesTheUnknownWithoutASecondSend()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(new SendOutcome.Uncertain("timeout", false));
        await pipeline.RunAsync(Queues.MessageDelivery);
        OutboundMessage sent = Assert.Single(pipeline.Provider.Sends);
        await pipeline.RecordAsync(Status(pipeline, "wamid.out", "delivered", sent.CorrelationId));
        for (int n = 0; n < 3; n++) await PassAsync(pipeline);

        Assert.Single(pipeline.Provider.Sends);
        Assert.Equal("sent/delivered/wamid.out", await pipeline.ScalarAsync<string>(
            "select state || '/' || receipt || '/' || provider_message_id from deliveries"));
    }

    [Fact]
    public async Task CampaignMessage_IsNeverSentAgain()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.ExecuteAsync("update deliveries set class = 'campaign'");
        pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(new SendOutcome.Uncertain("timeout", false));
        for (int n = 0; n < 4; n++) await PassAsync(pipeline);

        Assert.Single(pipeline.Provider.Sends);
        Assert.Equal("failed", await StateAsync(pipeline));
    }

    [Fact]
    public async Task WorkerThatDiedAfterTheClaim_LeavesTheSendUnknown()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        pipeline.CrashPoints.At = "deliver:after-send";
        TestDelivery first = Assert.Single(await pipeline.TakeAsync(Queues.MessageDelivery));
        await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.HandleAsync(first));
        pipeline.CrashPoints.At = null;

        await pipeline.RunAsync(Queues.MessageDelivery);
        Assert.Equal("unknown", await StateAsync(pipeline));
        Assert.Single(pipeline.Provider.Sends);
    }

    [Fact]
    public async Task WorkerThatStoodStillAfterTheClaim_DoesNotSendAnyMore()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        pipeline.CrashPoints.Reached = point =>
        {
            if (point == "deliver:after-claim") pipeline.Clock.Ahead += TimeSpan.FromSeconds(40);
        };
        await pipeline.RunAsync(Queues.MessageDelivery);
        Assert.Empty(pipeline.Provider.Sends);
        Assert.Equal("pending/0", await pipeline.ScalarAsync<string>("select state || '/' || sends from deliveries"));

        pipeline.CrashPoints.Reached = _ => { };
        await PassAsync(pipeline);
        Assert.Single(pipeline.Provider.Sends);
        Assert.Equal("sent/false", await pipeline.ScalarAsync<string>("select state || '/' || resent from deliveries"));
    }

    [Fact]
    public async Task ReportOfASendThatWasGivenUp_SparesTheSecondOne()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        var answer = new TaskCompletionSource<SendOutcome>();
        pipeline.Provider.Outcome = _ => answer.Task;
        TestDelivery sending = Assert.Single(await pipeline.TakeAsync(Queues.MessageDelivery));
        Task send = pipeline.HandleAsync(sending);

        // Its lease is over, and another worker looks: interrupted, then unknown for too long, then to be sent again.
        TestDelivery other = Assert.Single(await pipeline.TakeAsync(Queues.MessageDelivery));
        while (pipeline.Provider.Sends.IsEmpty) await Task.Yield();
        await pipeline.HandleAsync(other);
        await pipeline.TravelAsync(TimeSpan.FromSeconds(90));
        await pipeline.HandleAsync(other);
        Assert.Equal("pending", await StateAsync(pipeline));
        answer.SetResult(new SendOutcome.Sent("out.1"));
        await send;
        await PassAsync(pipeline);

        Assert.Single(pipeline.Provider.Sends);
        Assert.Equal("sent/false", await pipeline.ScalarAsync<string>("select state || '/' || resent from deliveries"));
    }

    [Fact]
    public async Task NotNow_StaysPendingForAsLongAsItTakes()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(new SendOutcome.NotNow("130429"));
        for (int n = 0; n < 12; n++) await PassAsync(pipeline);
        Assert.Equal("pending/0", await pipeline.ScalarAsync<string>("select state || '/' || sends from deliveries"));

        pipeline.Provider.Outcome = m => Task.FromResult<SendOutcome>(new SendOutcome.Sent("out." + m.Id));
        await PassAsync(pipeline);
        Assert.Equal("sent/false", await pipeline.ScalarAsync<string>("select state || '/' || resent from deliveries"));
    }

    [Fact]
    public async Task Refused_FailsWithTheProvidersCode()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(new SendOutcome.Refused("131026"));
        await pipeline.RunAsync(Queues.MessageDelivery);

        Assert.Equal("failed/provider:131026", await pipeline.ScalarAsync<string>(
            "select state || '/' || reason from deliveries"));
    }

    [Fact]
    public async Task ClosedWindow_IsNotSentAtAll()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        pipeline.Provider.HasServiceWindow = true;
        await pipeline.TravelAsync(TimeSpan.FromHours(25));
        await pipeline.RunAsync(Queues.MessageDelivery);

        Assert.Empty(pipeline.Provider.Sends);
        Assert.Equal("failed/window_closed", await pipeline.ScalarAsync<string>(
            "select state || '/' || reason from deliveries"));
    }

    [Fact]
    public async Task SecondReply_WaitsUntilTheFirstIsSettled()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.ReceiveAsync(Ana, "e mais isto");
        await pipeline.RunAsync(Queues.AiResponse);
        List<TestDelivery> both = await pipeline.TakeAsync(Queues.MessageDelivery);
        Assert.Equal(2, both.Count);

        await pipeline.RunAsync(both[1]);
        Assert.NotNull(both[1].DeferredFor);
        Assert.Empty(pipeline.Provider.Sends);

        await pipeline.RunAsync(both[0]);
        await PassAsync(pipeline);
        Assert.Equal(2, pipeline.Provider.Sends.Count);
        Assert.Equal([1L, 1L], await pipeline.ListAsync<long>("select sends from deliveries order by seq"));
    }

    [Fact]
    public async Task StatusesInAnyOrder_NeverMoveBackwards()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.RunAsync(Queues.MessageDelivery);
        string id = await pipeline.ScalarAsync<string>("select provider_message_id from deliveries");
        foreach (string state in new[] { "read", "sent", "delivered", "failed" })
            await pipeline.RecordAsync(Status(pipeline, id, state, null));

        Assert.Equal("sent/read", await pipeline.ScalarAsync<string>("select state || '/' || receipt from deliveries"));
    }

    [Fact]
    public async Task FailedStatus_MakesTheFailureVisible()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.RunAsync(Queues.MessageDelivery);
        string id = await pipeline.ScalarAsync<string>("select provider_message_id from deliveries");
        await pipeline.RecordAsync(Status(pipeline, id, "failed", null));

        Assert.Equal("failed/provider:130472", await pipeline.ScalarAsync<string>(
            "select state || '/' || reason from deliveries"));
    }

    [Fact]
    public async Task DeliveryThatNothingMoves_IsSweptBackIntoTheQueue()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        await pipeline.ExecuteAsync("delete from queue_messages");
        await pipeline.TravelAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(1, await pipeline.SweepDeliveries.RunAsync(
            pipeline.Tenant.Id, TimeSpan.FromMinutes(5), CancellationToken.None));
        Assert.Equal(0, await pipeline.SweepDeliveries.RunAsync(
            pipeline.Tenant.Id, TimeSpan.FromMinutes(5), CancellationToken.None));
        await pipeline.RunAsync(Queues.MessageDelivery);

        Assert.Single(pipeline.Provider.Sends);
    }

    private static async Task<Pipeline> AnsweredAsync()
    {
        Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        await pipeline.RunAsync(Queues.AiResponse);
        return pipeline;
    }

    /// <summary>Two minutes go by, and the queue is emptied of what is due then.</summary>
    private static async Task PassAsync(Pipeline pipeline)
    {
        await pipeline.TravelAsync(TimeSpan.FromMinutes(2));
        await pipeline.RunAsync(Queues.MessageDelivery);
        await pipeline.TravelAsync(TimeSpan.FromSeconds(1));
        await pipeline.RunAsync(Queues.MessageDelivery);
    }

    private static Task<string> StateAsync(Pipeline pipeline) =>
        pipeline.ScalarAsync<string>("select state from deliveries");

    private static InboundEvent Status(Pipeline pipeline, string providerMessageId, string state, Guid? claim) =>
        pipeline.Message("", "") with
        {
            Kind = InboundKind.Status,
            EventId = $"{providerMessageId}:{state}",
            Address = null,
            Identities = [],
            Type = "status",
            Status = new StatusReport(providerMessageId, state, claim, state == "failed" ? "130472" : null),
        };
}
