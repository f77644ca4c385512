using Xunit;

namespace Vellarys.Tests.Conversations.Answering;

public sealed class LoopTests
{
    private const string Garage = "5511987650001";
    private const string Away = "Olá! No momento não podemos atender, retornaremos em breve.";

    [Fact]
    public async Task AutoReplyOnTheOtherSide_IsStoppedWithOneNoteAndNoAnswer()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await TalkAsync(pipeline, 20);

        Assert.Equal(5, pipeline.Provider.Sends.Count);
        Assert.Equal("waiting/loop", await pipeline.ScalarAsync<string>(
            "select status || '/' || handoff_reason from conversations"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from messages where role = 'sistema'"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from flows where name = 'handoff'"));
        Assert.Equal(0, await pipeline.ScalarAsync<long>("select turn - answered_turn from conversations"));
    }

    [Fact]
    public async Task GivenBack_TheBotAnswersAndCountsAnew()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await TalkAsync(pipeline, 8);
        await pipeline.GiveBack.RunAsync(pipeline.Tenant.Id, await pipeline.ConversationAsync(), default);
        await pipeline.SettleAsync();
        Assert.Equal(6, pipeline.Provider.Sends.Count);

        await TalkAsync(pipeline, 20);
        Assert.InRange(pipeline.Provider.Sends.Count, 7, 12);
        Assert.Equal("waiting", await pipeline.ScalarAsync<string>("select status from conversations"));
    }

    [Fact]
    public async Task PersonWhoAsksAgain_IsAnswered()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        for (int n = 0; n < 3; n++)
        {
            await pipeline.ReceiveAsync(Garage, "oi?");
            await pipeline.SettleAsync();
        }

        for (int n = 0; n < 5; n++) await pipeline.ReceiveAsync(Garage, $"é o seguinte {n}");
        await pipeline.SettleAsync();
        Assert.Equal(4, pipeline.Provider.Sends.Count);
        Assert.Equal("bot", await pipeline.ScalarAsync<string>("select status from conversations"));
    }

    private static async Task TalkAsync(Pipeline pipeline, int times)
    {
        for (int n = 0; n < times; n++)
        {
            await pipeline.ReceiveAsync(Garage, Away);
            await pipeline.ExecuteAsync(
                "update conversations set window_started_at = null, window_count = 0;"
                + "update queue_messages set due_at = now() where queue = 'ai-response'");
            await pipeline.SettleAsync();
        }
    }
}
