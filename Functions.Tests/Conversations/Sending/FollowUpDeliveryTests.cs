using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Conversations.Sending;

/// <summary>What a flow says of its own accord, and what may be said outside the window.</summary>
public sealed class FollowUpDeliveryTests
{
    private const string Ana = "5511987650001";
    private const string Template = """{"name":"volte","language":"pt_BR","parameters":["Ana"]}""";
    private static readonly TenantSettings Quick = new() { QuietMs = 0, ShowsTyping = false, MessagesPerMinute = 0 };

    [Fact]
    public async Task FollowUp_IsSentLikeAnyOther()
    {
        await using Pipeline pipeline = await WrittenAsync();
        await pipeline.SettleAsync();

        Assert.Null(Assert.Single(pipeline.Provider.Sends).Template);
        Assert.Equal("sent/1", await StandingAsync(pipeline));
    }

    [Fact]
    public async Task FollowUpOnItsWay_TakenOver_IsCancelledAndItsMessageEnds()
    {
        await using Pipeline pipeline = await WrittenAsync();
        await TakeOverAsync(pipeline);
        Assert.Equal("cancelled/taken_over/0", await StandingAsync(pipeline));
        await pipeline.SettleAsync();

        Assert.Empty(pipeline.Provider.Sends);
        Assert.Equal(0, await pipeline.ScalarAsync<long>(
            "select count(*) from queue_messages where queue = 'message-delivery'"));
    }

    [Fact]
    public async Task FollowUp_PhoneTakesOver_IsCancelled()
    {
        await using Pipeline pipeline = await WrittenAsync();
        await pipeline.RecordAsync(pipeline.Message(Ana, "Oi Ana, aqui é a Bia") with { Kind = InboundKind.Echo });
        Assert.Equal("cancelled/taken_over/0", await StandingAsync(pipeline));
        await pipeline.SettleAsync();

        Assert.Empty(pipeline.Provider.Sends);
    }

    [Fact]
    public async Task OutdatedFollowUp_StillPending_IsNotClaimedAndHoldsNobodyUp()
    {
        await using Pipeline pipeline = await WrittenAsync();
        await pipeline.ExecuteAsync("update conversations set epoch = epoch + 1, status = 'human'");
        await pipeline.ReplyAsStaff.RunAsync(
            pipeline.Tenant.Id, await pipeline.ConversationAsync(), "Aqui é a Bia", CancellationToken.None);
        List<TestDelivery> both = await pipeline.TakeAsync(Queues.MessageDelivery);
        Assert.Equal(2, both.Count);

        await pipeline.RunAsync(both[1]);
        Assert.Equal("Aqui é a Bia", Assert.Single(pipeline.Provider.Sends).Text);
        await pipeline.RunAsync(both[0]);
        Assert.Single(pipeline.Provider.Sends);
        Assert.Null(both[0].DeferredFor);
        Assert.Equal("cancelled/taken_over/0", await StandingAsync(pipeline));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task UnknownFollowUp_IsNeverSentAgain(bool answered)
    {
        await using Pipeline pipeline = await WrittenAsync();
        pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(new SendOutcome.Uncertain("131000", answered));
        for (int n = 0; n < 4; n++) await PassAsync(pipeline);

        Assert.Single(pipeline.Provider.Sends);
        Assert.Equal("failed/unconfirmed/1", await StandingAsync(pipeline));
        Assert.Equal(0, await pipeline.ScalarAsync<long>("select count(*) from queue_messages"));
    }

    [Fact]
    public async Task FollowUp_WorkerDiedAfterTheClaim_IsNeverSentAgain()
    {
        await using Pipeline pipeline = await WrittenAsync();
        pipeline.CrashPoints.At = "deliver:after-send";
        TestDelivery first = Assert.Single(await pipeline.TakeAsync(Queues.MessageDelivery));
        await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.HandleAsync(first));
        pipeline.CrashPoints.At = null;
        for (int n = 0; n < 4; n++) await PassAsync(pipeline);

        Assert.Single(pipeline.Provider.Sends);
        Assert.Equal("failed/unconfirmed/1", await StandingAsync(pipeline));
    }

    [Fact]
    public async Task Template_OutsideTheWindow_IsSentAsSuch()
    {
        await using Pipeline pipeline = await WrittenAsync(Template);
        pipeline.Provider.HasServiceWindow = true;
        await pipeline.TravelAsync(TimeSpan.FromHours(25));
        await pipeline.RunAsync(Queues.MessageDelivery);

        OutboundMessage sent = Assert.Single(pipeline.Provider.Sends);
        Assert.Equal(("Tudo bem!", "volte", "pt_BR"), (sent.Text, sent.Template!.Name, sent.Template.Language));
        Assert.Equal(["Ana"], sent.Template.Parameters);
        Assert.Equal("sent/1", await StandingAsync(pipeline));
    }

    [Fact]
    public async Task Text_OutsideTheWindow_IsRefused()
    {
        await using Pipeline pipeline = await WrittenAsync();
        pipeline.Provider.HasServiceWindow = true;
        await pipeline.TravelAsync(TimeSpan.FromHours(25));
        await pipeline.RunAsync(Queues.MessageDelivery);

        Assert.Empty(pipeline.Provider.Sends);
        Assert.Equal("failed/window_closed/1", await StandingAsync(pipeline));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"name":"","language":"pt_BR","parameters":[]}""")]
    [InlineData("""{"name":"volte","language":"pt_BR"}""")]
    [InlineData("""{"name":"volte","language":"pt_BR","parameters":[null]}""")]
    public async Task Template_Unreadable_FailsVisiblyAndIsNotSentAsText(string? payload)
    {
        await using Pipeline pipeline = await WrittenAsync(Template);
        await pipeline.ExecuteAsync("update messages set payload = @payload where role = 'bot'", new { payload });
        await pipeline.RunAsync(Queues.MessageDelivery);

        Assert.Empty(pipeline.Provider.Sends);
        Assert.Equal("failed/bad_template/1", await StandingAsync(pipeline));
    }

    /// <summary>Something of a flow's is on its way.</summary>
    private static async Task<Pipeline> WrittenAsync(string? template = null)
    {
        Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        await pipeline.RunAsync(Queues.AiResponse);
        await pipeline.ExecuteAsync("update deliveries set class = 'followup'");
        if (template is not null)
        {
            await pipeline.ExecuteAsync(
                "update messages set kind = 'template', payload = @template where role = 'bot'", new { template });
        }

        return pipeline;
    }

    private static async Task TakeOverAsync(Pipeline pipeline) => await pipeline.TakeOver.RunAsync(
        pipeline.Tenant.Id, await pipeline.ConversationAsync(), null, CancellationToken.None);

    private static async Task PassAsync(Pipeline pipeline)
    {
        await pipeline.TravelAsync(TimeSpan.FromMinutes(2));
        await pipeline.RunAsync(Queues.MessageDelivery);
        await pipeline.TravelAsync(TimeSpan.FromSeconds(1));
        await pipeline.RunAsync(Queues.MessageDelivery);
    }

    private static Task<string> StandingAsync(Pipeline pipeline) => pipeline.ScalarAsync<string>(
        "select concat_ws('/', state, reason, sends) from deliveries where class = 'followup'");
}
