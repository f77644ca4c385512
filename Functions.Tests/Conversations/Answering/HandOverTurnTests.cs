using Vellarys.Accounts;
using Vellarys.Assistant;
using Vellarys.Conversations.Ledger;
using Vellarys.Messaging;
using Vellarys.Tests.Messaging;
using Xunit;

namespace Vellarys.Tests.Conversations.Answering;

/// <summary>A turn that cannot be answered is a person's at once, on whatever transport its message died.</summary>
public sealed class HandOverTurnTests
{
    private const string Ana = "5511987650001";
    private static readonly TenantSettings Quick = new() { QuietMs = 0, ShowsTyping = false };
    private static readonly QueueOptions Hurried = new() { BackoffBase = TimeSpan.Zero, BackoffCap = TimeSpan.Zero };

    [Fact]
    public async Task AttemptsUsedUp_OnPostgres_CallAPersonAndTellTheCustomer()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        pipeline.Assistant.Answer = _ => throw new InvalidOperationException("a bug");
        await pipeline.ReceiveAsync(Ana, "oi");
        await using PostgresProcess worker = await PostgresProcess.StartAsync(
            pipeline.Database.Options(), Hurried, 10, pipeline.Hooked(Queues.AiResponse));
        await DeadAsync(pipeline, "InvalidOperationException");

        await AssertHandedOverAsync(pipeline, "dead_letter:InvalidOperationException");
        Assert.Equal(3, pipeline.Assistant.Asked.Count);
    }

    [Fact]
    public async Task PermanentFault_OnPostgres_CallsAPersonAfterOneAttempt()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        pipeline.Assistant.Answer = _ => throw new PermanentFault("hopeless", "as the test says");
        await pipeline.ReceiveAsync(Ana, "oi");
        await using PostgresProcess worker = await PostgresProcess.StartAsync(
            pipeline.Database.Options(), Hurried, 10, pipeline.Hooked(Queues.AiResponse));
        await DeadAsync(pipeline, "hopeless");

        await AssertHandedOverAsync(pipeline, "dead_letter:hopeless");
        Assert.Single(pipeline.Assistant.Asked);
    }

    [Fact]
    public async Task GivenUp_Twice_IsOneHandOver()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        TestDelivery turn = Assert.Single(await pipeline.TakeAsync(Queues.AiResponse));
        for (int n = 0; n < 2; n++) await pipeline.GiveUp.RunAsync(turn.Message, "x", CancellationToken.None);
        await AssertHandedOverAsync(pipeline, "dead_letter:x");

        // Redriven by an operator it finds nothing to do.
        await pipeline.HandleAsync(turn);
        Assert.Empty(pipeline.Assistant.Asked);
    }

    [Fact]
    public async Task GivenUp_WhileANewerTurnWaits_LeavesItToThat()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        TestDelivery turn = Assert.Single(await pipeline.TakeAsync(Queues.AiResponse));
        await pipeline.ReceiveAsync(Ana, "tudo bem?");
        await pipeline.GiveUp.RunAsync(turn.Message, "x", CancellationToken.None);
        await pipeline.SettleAsync();

        Assert.Equal("bot", await pipeline.ScalarAsync<string>("select status from conversations"));
        Assert.Equal("Tudo bem!", Assert.Single(pipeline.Provider.Sends).Text);
    }

    [Fact]
    public async Task DeadLetterWithoutItsHandOver_IsFoundByCustodyAtItsFirstLook()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        await pipeline.ExecuteAsync(
            """
            insert into queue_dead_letters (id, queue, priority, attempts, tenant_id, subject, body, code, reason,
                history, enqueued_at)
            select id, queue, priority, 3, tenant_id, subject, body, 'x', 'x', '[]', enqueued_at from queue_messages;
            delete from queue_messages
            """);
        await pipeline.WatchCustody.RunAsync(pipeline.Tenant.Id, TimeSpan.Zero, CancellationToken.None);

        await AssertHandedOverAsync(pipeline, "never_answered");
    }

    [Fact]
    public async Task NulAndHalfPairs_InEveryFieldThatIsStored_CostNothing()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        const string Bad = "a\0b";
        string half = "c" + '\ud83d';
        pipeline.Assistant.Answer = _ => Task.FromResult(
            ScriptedAssistant.Plain(Bad + half, HandoffReason.Complaint, Qualification.Hot) with
            {
                Intent = Bad + half,
                NewSummary = Bad + half,
                Fields = new Dictionary<string, string> { [Bad] = half, [half] = Bad },
            });
        await pipeline.ReceiveAsync(Ana, "oi");
        await pipeline.SettleAsync();

        Assert.Equal("abc", Assert.Single(pipeline.Provider.Sends).Text);
        Assert.Equal("abc/abc", await pipeline.ScalarAsync<string>(
            "select t.intent || '/' || c.summary from turns t join conversations c on c.id = t.conversation_id"));
        Assert.Equal("c", await pipeline.ScalarAsync<string>("select custom_data ->> 'ab' from leads"));
    }

    private static async Task AssertHandedOverAsync(Pipeline pipeline, string reason)
    {
        Assert.Equal("waiting/assistant_unsure", await pipeline.ScalarAsync<string>(
            "select status || '/' || handoff_reason from conversations"));
        Assert.Equal("failed/" + reason,
            await pipeline.ScalarAsync<string>("select outcome || '/' || reason from turns"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from flows where name = 'handoff'"));
        await pipeline.SettleAsync();
        Assert.Equal(Texts.Get(Texts.CouldNotAnswer, "pt-BR"), Assert.Single(pipeline.Provider.Sends).Text);
        CustodyReport report = await new MessageLedger(pipeline.App).RunAsync(
            pipeline.Tenant.Id, TimeProvider.System.GetUtcNow().AddHours(-1), CancellationToken.None);
        Assert.Equal((1L, 1L, 0L), (report.Received, report.Failed, report.Open));
    }

    private static async Task DeadAsync(Pipeline pipeline, string code)
    {
        while (await pipeline.ScalarAsync<string?>("select code from queue_dead_letters") != code)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
    }
}
