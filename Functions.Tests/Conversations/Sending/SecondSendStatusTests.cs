using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Conversations.Sending;

/// <summary>
/// A reply whose first send ended without an answer is sent once more, and the provider reports on both. What it says
/// of the one is not said of the other.
/// </summary>
public sealed class SecondSendStatusTests
{
    private const string Ana = "5511987650001";
    private static readonly TenantSettings Quick = new() { QuietMs = 0, ShowsTyping = false, MessagesPerMinute = 0 };

    [Fact]
    public async Task FirstFails_AfterTheSecondWasTaken_NobodyIsCalled()
    {
        await using Pipeline pipeline = await SentTwiceAsync(_ => Task.CompletedTask);
        await pipeline.RecordAsync(await StatusAsync(pipeline, "out.1", "failed"));
        await pipeline.SettleAsync();

        Assert.Equal("sent/out.2", await DeliveryAsync(pipeline));
        Assert.Equal("bot", await OwnerAsync(pipeline));
    }

    [Fact]
    public async Task SecondFails_AfterItWasTaken_APersonIsCalled()
    {
        await using Pipeline pipeline = await SentTwiceAsync(_ => Task.CompletedTask);
        await pipeline.RecordAsync(await StatusAsync(pipeline, "out.2", "failed"));
        await pipeline.SettleAsync();

        Assert.Equal("failed/out.2/provider:131026", await DeliveryAsync(pipeline));
        Assert.Equal("waiting", await OwnerAsync(pipeline));
    }

    [Fact]
    public async Task FirstFails_WhileTheSecondIsOnItsWay_NobodyIsCalled()
    {
        await using Pipeline pipeline = await SentTwiceAsync(
            async p => await p.RecordAsync(await StatusAsync(p, "out.1", "failed")));
        await SweepAsync(pipeline);

        Assert.Equal("sent/out.2", await DeliveryAsync(pipeline));
        Assert.Equal("bot", await OwnerAsync(pipeline));
    }

    [Fact]
    public async Task SecondFails_BeforeItsAnswerIsWrittenDown_APersonIsCalled()
    {
        await using Pipeline pipeline = await SentTwiceAsync(async p =>
        {
            await p.RecordAsync(await StatusAsync(p, "out.2", "failed"));
            await p.RecordAsync(await StatusAsync(p, "out.2", "sent"));
        });
        await SweepAsync(pipeline);

        Assert.Equal("failed/out.2/provider:131026", await DeliveryAsync(pipeline));
        Assert.Equal("waiting", await OwnerAsync(pipeline));
    }

    [Fact]
    public async Task OnlySend_FailsBeforeItsAnswerIsWrittenDown_APersonIsCalled()
    {
        await using Pipeline pipeline = await AnsweredAsync();
        pipeline.Provider.Outcome = async _ =>
        {
            await pipeline.RecordAsync(await StatusAsync(pipeline, "out.1", "failed"));
            return new SendOutcome.Sent("out.1");
        };
        await pipeline.SettleAsync();

        Assert.Equal("failed/out.1/provider:131026", await DeliveryAsync(pipeline));
        Assert.Equal("waiting", await OwnerAsync(pipeline));
    }

    [Theory]
    [InlineData("sent", "delivered")]
    [InlineData("delivered", "sent")]
    [InlineData("failed", "delivered")]
    [InlineData("failed", "read")]
    public async Task BothInOneSet_BothCount(string first, string second)
    {
        await using Pipeline pipeline = await SentTwiceAsync(_ => Task.CompletedTask);
        // A set by itself, then the two as one set: the first to come occupies the only flush.
        await Task.WhenAll(
            pipeline.ReceiveAsync("5511987650002", "outra"),
            pipeline.RecordAsync(await StatusAsync(pipeline, "out.1", first)),
            pipeline.RecordAsync(await StatusAsync(pipeline, "out.2", second)));

        Assert.Equal("sent/" + (second == "sent" ? first : second), await pipeline.ScalarAsync<string>(
            "select state || '/' || receipt from deliveries"));
    }

    private static async Task<Pipeline> AnsweredAsync()
    {
        Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        await pipeline.RunAsync(Queues.AiResponse);
        return pipeline;
    }

    /// <param name="during">What happens before the second send is answered.</param>
    private static async Task<Pipeline> SentTwiceAsync(Func<Pipeline, Task> during)
    {
        Pipeline pipeline = await AnsweredAsync();
        pipeline.Provider.Outcome = async _ =>
        {
            if (pipeline.Provider.Sends.Count == 1) return new SendOutcome.Uncertain("131000", true);
            await during(pipeline);
            return new SendOutcome.Sent("out.2");
        };
        for (int n = 0; n < 3; n++)
        {
            await pipeline.RunAsync(Queues.MessageDelivery);
            await pipeline.TravelAsync(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(2, pipeline.Provider.Sends.Count);
        return pipeline;
    }

    private static async Task SweepAsync(Pipeline pipeline)
    {
        await pipeline.SweepDeliveries.RunAsync(pipeline.Tenant.Id, TimeSpan.Zero, CancellationToken.None);
        await pipeline.SettleAsync();
    }

    private static async Task<InboundEvent> StatusAsync(Pipeline pipeline, string providerMessageId, string state) =>
        pipeline.Message("", "") with
        {
            Kind = InboundKind.Status,
            EventId = $"{providerMessageId}:{state}",
            Address = null,
            Identities = [],
            Type = "status",
            Status = new StatusReport(
                providerMessageId, state, await pipeline.ScalarAsync<Guid>("select message_id from deliveries"),
                state == "failed" ? "131026" : null),
        };

    private static Task<string> DeliveryAsync(Pipeline pipeline) => pipeline.ScalarAsync<string>(
        """
        select concat_ws('/', state, provider_message_id, case when state = 'failed' then reason end) from deliveries
        """);

    private static Task<string> OwnerAsync(Pipeline pipeline) =>
        pipeline.ScalarAsync<string>("select status from conversations order by created_at limit 1");
}
