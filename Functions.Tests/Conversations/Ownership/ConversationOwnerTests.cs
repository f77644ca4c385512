using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Conversations.Ownership;
using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Conversations.Ownership;

public sealed class ConversationOwnerTests
{
    private const string Ana = "5511987650001";
    private static readonly TenantSettings Quick = new() { QuietMs = 0, ShowsTyping = false, MessagesPerMinute = 0 };

    [Theory]
    [InlineData("bot", "human", true)]
    [InlineData("bot", "waiting", true)]
    [InlineData("bot", "closed", true)]
    [InlineData("bot", "bot", false)]
    [InlineData("waiting", "human", true)]
    [InlineData("waiting", "bot", true)]
    [InlineData("waiting", "closed", true)]
    [InlineData("waiting", "waiting", false)]
    [InlineData("human", "bot", true)]
    [InlineData("human", "waiting", true)]
    [InlineData("human", "human", true)]
    [InlineData("human", "closed", true)]
    [InlineData("closed", "bot", false)]
    [InlineData("closed", "human", false)]
    [InlineData("closed", "waiting", false)]
    [InlineData("closed", "closed", false)]
    public void Change_IsLegalOrRefusedWithACode(string from, string to, bool legal)
    {
        OwnerChange.Refused? refusal = ConversationOwner.Refusal(from, to);
        Assert.Equal(legal, refusal is null);
        Assert.NotEqual("", refusal?.Code);
    }

    [Fact]
    public async Task Takeover_CancelsWhatTheBotHasNotSent()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        await pipeline.RunAsync(Queues.AiResponse);
        await TakeOverAsync(pipeline);
        await pipeline.SettleAsync();

        Assert.Empty(pipeline.Provider.Sends);
        Assert.Equal("cancelled/taken_over", await pipeline.ScalarAsync<string>(
            "select state || '/' || reason from deliveries"));
    }

    [Fact]
    public async Task TakeoverWhileTheModelThinks_RefusesTheAnswer()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        pipeline.Assistant.Answer = async _ =>
        {
            await TakeOverAsync(pipeline);
            return ScriptedAssistant.Plain("tarde demais");
        };
        await pipeline.ReceiveAsync(Ana, "oi");
        await pipeline.SettleAsync();

        Assert.Equal(0, await pipeline.ScalarAsync<long>("select count(*) from messages where role = 'bot'"));
        Assert.Equal(
            "handed_off/taken_over", await pipeline.ScalarAsync<string>("select outcome || '/' || reason from turns"));
    }

    [Fact]
    public async Task PersonInCharge_IsTheOnlyOneWhoAnswers()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        await TakeOverAsync(pipeline);
        await pipeline.ReceiveAsync(Ana, "tem alguém aí?");
        Assert.IsType<StaffReply.Queued>(await pipeline.ReplyAsStaff.RunAsync(
            pipeline.Tenant.Id, await pipeline.ConversationAsync(), "Sou eu, a Bia.", CancellationToken.None));
        await pipeline.SettleAsync();

        Assert.Empty(pipeline.Assistant.Asked);
        Assert.Equal("Sou eu, a Bia.", Assert.Single(pipeline.Provider.Sends).Text);
    }

    [Fact]
    public async Task StaffReply_IsRefusedWhileTheBotIsInCharge()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        ConversationId conversation = await pipeline.ConversationAsync();
        StaffReply reply = await pipeline.ReplyAsStaff.RunAsync(
            pipeline.Tenant.Id, conversation, "oi", CancellationToken.None);
        Assert.Equal("not_in_charge", Assert.IsType<StaffReply.Refused>(reply).Code);
        Assert.IsType<StaffReply.NotFound>(await pipeline.ReplyAsStaff.RunAsync(
            new TenantId(Ids.New(TimeProvider.System)), conversation, "oi", CancellationToken.None));
    }

    [Fact]
    public async Task GiveBack_AnswersWhatNobodyDid()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        await TakeOverAsync(pipeline);
        await pipeline.ReceiveAsync(Ana, "e a entrega?");
        await pipeline.GiveBack.RunAsync(
            pipeline.Tenant.Id, await pipeline.ConversationAsync(), CancellationToken.None);
        await pipeline.SettleAsync();

        Assert.Equal(
            ["oi", "e a entrega?"],
            pipeline.Assistant.Asked.Single().History.Where(l => l.Unanswered).Select(l => l.Text));
        Assert.Single(pipeline.Provider.Sends);
        await CoveredWithoutGapsAsync(pipeline);
    }

    [Fact]
    public async Task MessageTypedOnThePhone_TakesTheConversationOver()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        await pipeline.RunAsync(Queues.AiResponse);
        await pipeline.ReceiveAsync(Ana, "e aí?");
        await pipeline.RecordAsync(pipeline.Message(Ana, "Oi Ana, aqui é a Bia") with { Kind = InboundKind.Echo });
        await pipeline.SettleAsync();

        Assert.Equal("human/1", await pipeline.ScalarAsync<string>("select status || '/' || epoch from conversations"));
        Assert.Empty(pipeline.Provider.Sends);
        await CoveredWithoutGapsAsync(pipeline);
    }

    /// <summary>
    /// Random interleavings of customer, assistant, sender and staff: after a takeover has returned, no bot message is
    /// claimed until the conversation is given back.
    /// </summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public async Task TakeoverAndReplyInterleaved_NoBotClaimAfterTakeover(int seed)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        var random = new Random(seed);
        await pipeline.ReceiveAsync(Ana, "começo");
        ConversationId conversation = await pipeline.ConversationAsync();
        int late = 0;
        for (int round = 0; round < 25; round++)
        {
            var work = new List<Task>();
            for (int n = 0; n < 3; n++)
            {
                work.Add(pipeline.ReceiveAsync(Ana, $"{round}.{n}"));
                work.Add(Later(random, () => pipeline.RunAsync(Queues.AiResponse)));
                work.Add(Later(random, () => pipeline.RunAsync(Queues.MessageDelivery)));
            }

            Task<int> takeover = TakeOverAndWatchAsync(pipeline, conversation, random.Next(4));
            await Task.WhenAll([.. work, takeover]);
            await pipeline.SettleAsync();
            late += await takeover;
            late += await BotClaimsAsync(pipeline) - await ClaimsAtTakeoverAsync(pipeline);
            await pipeline.GiveBack.RunAsync(pipeline.Tenant.Id, conversation, CancellationToken.None);
            await pipeline.SettleAsync();
        }

        Assert.Equal(0, late);
        Assert.NotEmpty(pipeline.Provider.Sends);
        await CoveredWithoutGapsAsync(pipeline);
    }

    private static async Task<int> TakeOverAndWatchAsync(Pipeline pipeline, ConversationId conversation, int yields)
    {
        for (int n = 0; n < yields * 50; n++) await Task.Yield();
        await pipeline.TakeOver.RunAsync(pipeline.Tenant.Id, conversation, null, CancellationToken.None);
        await pipeline.ExecuteAsync(
            """
            create table if not exists claims_seen (at_takeover bigint);
            delete from claims_seen;
            insert into claims_seen select coalesce(sum(sends), 0) from deliveries where class = 'reply'
            """);
        return 0;
    }

    private static Task<int> ClaimsAtTakeoverAsync(Pipeline pipeline) =>
        pipeline.ScalarAsync<int>("select at_takeover::int from claims_seen");

    private static Task<int> BotClaimsAsync(Pipeline pipeline) =>
        pipeline.ScalarAsync<int>("select coalesce(sum(sends), 0)::int from deliveries where class = 'reply'");

    private static async Task Later(Random random, Func<Task> work)
    {
        int yields = random.Next(200);
        for (int n = 0; n < yields; n++) await Task.Yield();
        await work();
    }

    private static async Task TakeOverAsync(Pipeline pipeline) => Assert.IsType<OwnerChange.Changed>(
        await pipeline.TakeOver.RunAsync(
            pipeline.Tenant.Id, await pipeline.ConversationAsync(), null, CancellationToken.None));

    /// <summary>Every turn has exactly one outcome.</summary>
    private static async Task CoveredWithoutGapsAsync(Pipeline pipeline)
    {
        Assert.Equal(0, await pipeline.ScalarAsync<long>(
            """
            select count(*) from conversations c, generate_series(1, c.turn) n
            where (
                select count(*) from turns t
                where t.conversation_id = c.id and n between t.from_turn and t.to_turn) <> 1
            """));
    }
}
