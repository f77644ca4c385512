using Vellarys.Accounts;
using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Conversations.Answering;

/// <summary>A turn whose message became a dead letter, and what the watch does meanwhile.</summary>
public sealed class GiveUpTurnTests
{
    private const string Ana = "5511987650001";
    private static readonly TenantSettings Quick = new() { QuietMs = 0, ShowsTyping = false, MessagesPerMinute = 0 };

    [Fact]
    public async Task MessageOfATurn_GivenUp_CallsAPersonAtOnce()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        QueueMessage dead = (await pipeline.TakeAsync(Queues.AiResponse)).Single().Message;

        await GiveUpAsync(pipeline, dead);
        await GiveUpAsync(pipeline, dead);

        Assert.Equal("waiting", await pipeline.ScalarAsync<string>("select status from conversations"));
        Assert.Equal("failed", await pipeline.ScalarAsync<string>("select string_agg(outcome, ',') from turns"));
    }

    [Fact]
    public async Task MessageOfATurn_GivenUpAfterANewerOneCame_LeavesItsTurnToThat()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        QueueMessage dead = (await pipeline.TakeAsync(Queues.AiResponse)).Single().Message;
        await pipeline.ExecuteAsync(
            "delete from queue_messages where id = @id; update conversations set turn = turn + 1",
            new { id = dead.Id });

        await GiveUpAsync(pipeline, dead);

        Assert.Equal("bot", await pipeline.ScalarAsync<string>("select status from conversations"));
    }

    [Fact]
    public async Task MessageOfATurn_ThatNobodyCanRead_IsGivenUpQuietly()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await GiveUpAsync(pipeline, new QueueMessage(Queues.AiResponse, Ids.New(TimeProvider.System), "no json"));
    }

    [Fact]
    public async Task OverdueTurn_MessageStillInTheQueue_GetsNoSecondOne()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        for (int n = 0; n < 3; n++)
        {
            await pipeline.ReconcileTurns.RunAsync(pipeline.Tenant.Id, TimeSpan.Zero, CancellationToken.None);
            await pipeline.ExecuteAsync("update custody_cases set next_redrive_at = now() - interval '1 second'");
        }

        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from custody_cases where redrives > 0"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from queue_messages"));
    }

    private static Task GiveUpAsync(Pipeline pipeline, QueueMessage dead) =>
        pipeline.GiveUp.RunAsync(dead, "x", CancellationToken.None);
}
