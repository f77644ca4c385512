using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Conversations.Ownership;
using Xunit;

namespace Vellarys.Tests.Conversations.Ownership;

public sealed class PhoneTakeoverTests
{
    private const string Ana = "5511987650001";
    private static readonly TenantSettings Quick = new() { QuietMs = 0, ShowsTyping = false, PhoneQuietMinutes = 45 };

    [Fact]
    public async Task LineOnThePhone_SilencesTheBotForAWhileOnly()
    {
        await using Pipeline pipeline = await StartAsync(Quick);
        await PassAsync(pipeline, 44);
        Assert.Equal("human", await StatusAsync(pipeline));
        await PassAsync(pipeline, 2);
        await pipeline.ReceiveAsync(Ana, "quanto fica?");
        await pipeline.SettleAsync();
        Assert.Equal("bot", await StatusAsync(pipeline));
        Assert.Equal("quanto fica?", Assert.Single(pipeline.Assistant.Asked).History[^1].Text);
        Assert.Single(pipeline.Provider.Sends);
        Assert.Equal("replied", await pipeline.ScalarAsync<string>("select string_agg(outcome, ' ') from turns"));
    }

    [Fact]
    public async Task CustomerLeftWaitingOnThePhone_CallsAPersonWithTheNextMessage()
    {
        await using Pipeline pipeline = await StartAsync(Quick);
        await PassAsync(pipeline, 44);
        await pipeline.ReceiveAsync(Ana, "combinado, e o frete?");
        await pipeline.SettleAsync();
        Assert.Equal("human", await StatusAsync(pipeline));

        // The customer's own words do not put it off.
        await PassAsync(pipeline, 2);
        await pipeline.ReceiveAsync(Ana, "alguém?");
        await pipeline.SettleAsync();
        Assert.Equal("waiting/phone_silent", await pipeline.ScalarAsync<string>(
            "select status || '/' || handoff_reason from conversations"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from flows where name = 'handoff'"));
        Assert.Empty(pipeline.Assistant.Asked);
        Assert.Equal("handed_off handed_off", await pipeline.ScalarAsync<string>(
            "select string_agg(outcome, ' ' order by to_turn) from turns"));
    }

    [Fact]
    public async Task CustomerLeftWaitingOnThePhone_CallsAPersonWithoutANextMessage()
    {
        await using Pipeline pipeline = await StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "combinado, e o frete?");
        await pipeline.ReconcileTurns.RunAsync(CancellationToken.None);
        Assert.Equal("human", await StatusAsync(pipeline));

        await PassAsync(pipeline, 46);
        await pipeline.ReconcileTurns.RunAsync(CancellationToken.None);
        Assert.Equal("waiting", await StatusAsync(pipeline));
    }

    [Fact]
    public async Task AnotherLineOnThePhone_StartsTheTimeAnew()
    {
        await using Pipeline pipeline = await StartAsync(Quick);
        await PassAsync(pipeline, 40);
        await EchoAsync(pipeline);
        await PassAsync(pipeline, 40);
        await pipeline.ReceiveAsync(Ana, "oi");
        await pipeline.SettleAsync();
        Assert.Equal("human", await StatusAsync(pipeline));
    }

    [Fact]
    public async Task WithoutATime_ThePhoneKeepsIt()
    {
        await using Pipeline pipeline = await StartAsync(Quick with { PhoneQuietMinutes = 0 });
        await PassAsync(pipeline, 100_000);
        await pipeline.ReceiveAsync(Ana, "oi");
        Assert.Equal("human", await StatusAsync(pipeline));
        await pipeline.GiveBack.RunAsync(pipeline.Tenant.Id, await pipeline.ConversationAsync(), default);
        await pipeline.SettleAsync();
        Assert.Single(pipeline.Provider.Sends);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TakenOverOnAPage_IsNotGivenBackByItself(bool echoFirst)
    {
        await using Pipeline pipeline = await StartAsync(Quick, echoFirst);
        await pipeline.TakeOver.RunAsync(pipeline.Tenant.Id, await pipeline.ConversationAsync(), null, default);
        if (!echoFirst) await EchoAsync(pipeline);
        await PassAsync(pipeline, 100_000);
        await pipeline.ReceiveAsync(Ana, "oi");
        Assert.Equal("human", await StatusAsync(pipeline));
    }

    [Fact]
    public async Task AnswerOnAPage_IsActivityToo()
    {
        await using Pipeline pipeline = await StartAsync(Quick);
        await PassAsync(pipeline, 40);
        Assert.IsType<StaffReply.Queued>(await pipeline.ReplyAsStaff.RunAsync(
            pipeline.Tenant.Id, await pipeline.ConversationAsync(), "já vejo", default));
        await PassAsync(pipeline, 40);
        await pipeline.ReceiveAsync(Ana, "oi");
        Assert.Equal("human", await StatusAsync(pipeline));
    }

    [Fact]
    public async Task EchoOfWhatWeSentOurselves_TakesNothingOver()
    {
        await using Pipeline pipeline = await StartAsync(Quick, echo: false);
        await pipeline.SettleAsync();
        string sent = await pipeline.ScalarAsync<string>("select provider_message_id from deliveries");
        for (int copy = 0; copy < 2; copy++)
        {
            await pipeline.RecordAsync(pipeline.Message(Ana, "Como posso ajudar?", sent) with
            {
                Kind = InboundKind.Echo, ProfileName = null,
            });
        }

        await pipeline.ReceiveAsync(Ana, "e o prazo?");
        await pipeline.SettleAsync();
        Assert.Equal("bot", await StatusAsync(pipeline));
        Assert.Equal(2, pipeline.Provider.Sends.Count);
        Assert.Equal(0, await pipeline.ScalarAsync<long>("select count(*) from messages where role = 'atendente'"));
        Assert.Equal(0, await pipeline.ScalarAsync<long>("select count(*) from queue_dead_letters"));
    }

    private static async Task<Pipeline> StartAsync(TenantSettings settings, bool echo = true)
    {
        Pipeline pipeline = await Pipeline.StartAsync(settings);
        if (echo) await EchoAsync(pipeline);
        else await pipeline.ReceiveAsync(Ana, "olá");
        return pipeline;
    }

    private static Task EchoAsync(Pipeline pipeline) => pipeline.RecordAsync(
        pipeline.Message(Ana, "Me chama amanhã.") with { Kind = InboundKind.Echo, ProfileName = null });

    private static Task PassAsync(Pipeline pipeline, int minutes) => pipeline.ExecuteAsync(
        $"""
        update conversations set phone_at = phone_at - interval '{minutes} minutes',
            last_message_at = last_message_at - interval '{minutes} minutes'
        """);

    private static Task<string> StatusAsync(Pipeline pipeline) =>
        pipeline.ScalarAsync<string>("select status from conversations");
}
