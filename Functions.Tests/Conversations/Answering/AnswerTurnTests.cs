using Vellarys.Accounts;
using Vellarys.Assistant;
using Vellarys.Channels;
using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Conversations.Answering;

public sealed class AnswerTurnTests
{
    private const string Ana = "5511987650001";

    [Fact]
    public async Task Burst_IsAnsweredOnceWithEverything()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 30_000, ShowsTyping = false });
        for (int n = 1; n <= 5; n++) await pipeline.ReceiveAsync(Ana, $"parte {n}");
        Assert.Equal(0, await pipeline.RunAsync(Queues.AiResponse));
        await pipeline.TravelAsync(TimeSpan.FromSeconds(40));
        await pipeline.SettleAsync();

        TurnContext asked = Assert.Single(pipeline.Assistant.Asked);
        Assert.Equal(
            Enumerable.Range(1, 5).Select(n => $"parte {n}"),
            asked.History.Where(l => l.Unanswered).Select(l => l.Text));
        Assert.Single(pipeline.Provider.Sends);
        Assert.Equal("1-5 replied", await pipeline.ScalarAsync<string>(
            "select from_turn || '-' || to_turn || ' ' || outcome from turns"));
    }

    /// <summary>Not where its transaction began: on a busy machine that would cut bursts in two.</summary>
    [Fact]
    public async Task PauseAfterAMessage_BeginsWhereItIsInTheBooks()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 5_000, ShowsTyping = false });
        await pipeline.ReceiveAsync(Ana, "oi");
        Assert.True(await pipeline.ScalarAsync<bool>(
            """
            select q.due_at >= m.created_at - interval '1 microsecond' + interval '5 s'
            from queue_messages q
            cross join messages m
            where q.queue = 'ai-response'
            """));
    }

    [Fact]
    public async Task ModelKnownToBeShort_TurnIsPutOffUnseenAndMarkedOnce()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 0, ShowsTyping = true });
        await pipeline.ReceiveAsync(Ana, "oi");
        pipeline.Assistant.RetryAfter = TimeSpan.FromSeconds(20);
        TestDelivery turn = Assert.Single(await pipeline.TakeAsync(Queues.AiResponse));
        for (int round = 0; round < 3; round++) await pipeline.RunAsync(turn);
        Assert.Equal(TimeSpan.FromSeconds(20), turn.DeferredFor);
        Assert.Empty(pipeline.Provider.Marked);
        Assert.Empty(pipeline.Assistant.Asked);

        pipeline.Assistant.RetryAfter = TimeSpan.Zero;
        await pipeline.RunAsync(turn);
        Assert.Single(pipeline.Provider.Marked);
        Assert.Single(pipeline.Assistant.Asked);
    }

    [Fact]
    public async Task MessageWhileTheModelThinks_LeavesTheAnswerToTheNewerTurn()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        var thinking = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        pipeline.Assistant.Answer = async context =>
        {
            if (context.History.Count > 1) return ScriptedAssistant.Plain("para tudo");
            thinking.SetResult();
            await goOn.Task;
            return ScriptedAssistant.Plain("velha");
        };
        await pipeline.ReceiveAsync(Ana, "primeira");
        Task<int> first = pipeline.RunAsync(Queues.AiResponse);
        await thinking.Task;
        await pipeline.ReceiveAsync(Ana, "segunda");
        goOn.SetResult();
        await first;
        await pipeline.SettleAsync();

        Assert.Equal("para tudo", Assert.Single(pipeline.Provider.Sends).Text);
        Assert.Equal(
            1, await pipeline.ScalarAsync<long>("select count(*) from turns where from_turn = 1 and to_turn = 2"));
    }

    [Fact]
    public async Task CustomerWhoKeepsTyping_IsAnsweredAtTheCap()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 30_000, BurstCapMs = 150_000, MessagesPerMinute = 0, ShowsTyping = false });
        for (int n = 1; n <= 8; n++)
        {
            await pipeline.ReceiveAsync(Ana, $"linha {n}");
            await pipeline.TravelAsync(TimeSpan.FromSeconds(20));
            if (n < 8) Assert.Equal(0, await CurrentDueAsync(pipeline));
        }

        // 160 seconds: the cap is past, and the next line no longer joins.
        await pipeline.ReceiveAsync(Ana, "linha 9");
        await pipeline.SettleAsync();
        Assert.Equal(8, pipeline.Assistant.Asked.Single().History.Count);
        Assert.Single(pipeline.Provider.Sends);

        await pipeline.TravelAsync(TimeSpan.FromSeconds(40));
        await pipeline.SettleAsync();
        Assert.Equal("linha 9", pipeline.Assistant.Asked.Last().History.Single(l => l.Unanswered).Text);
        Assert.Equal(2, pipeline.Provider.Sends.Count);
        Assert.Equal(["1-8", "9-9"], await pipeline.ListAsync<string>(
            "select from_turn || '-' || to_turn from turns order by to_turn"));
    }

    [Fact]
    public async Task TurnHandledTwiceAtOnce_IsAnsweredOnce()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "oi");
        TestDelivery delivery = Assert.Single(await pipeline.TakeAsync(Queues.AiResponse));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => pipeline.HandleAsync(
            new TestDelivery(delivery.Message))));
        await pipeline.SettleAsync();

        Assert.Single(pipeline.Provider.Sends);
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from turns"));
    }

    [Fact]
    public async Task SwappedMessages_AreAnsweredInTheProvidersOrder()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await pipeline.RecordAsync(pipeline.Message(Ana, "segunda") with { SentAt = now });
        await pipeline.RecordAsync(pipeline.Message(Ana, "primeira") with { SentAt = now.AddSeconds(-5) });
        await pipeline.SettleAsync();

        Assert.Equal(["primeira", "segunda"], pipeline.Assistant.Asked.Single().History.Select(l => l.Text));
    }

    [Fact]
    public async Task LongConversation_IsCutToThirtyWithASummaryWanted()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 0, MessagesPerMinute = 0, ShowsTyping = false });
        pipeline.Assistant.Answer = c => Task.FromResult(
            ScriptedAssistant.Plain("ok") with { NewSummary = c.WantsSummary ? "o que houve" : null });
        for (int n = 0; n < 40; n++) await pipeline.ReceiveAsync(Ana, $"linha {n}");
        await pipeline.SettleAsync();

        TurnContext first = pipeline.Assistant.Asked.Single();
        Assert.Equal(30, first.History.Count);
        Assert.True(first.WantsSummary);
        await pipeline.ReceiveAsync(Ana, "mais uma");
        await pipeline.SettleAsync();
        Assert.Equal("o que houve", pipeline.Assistant.Asked.Last().Summary);
        Assert.False(pipeline.Assistant.Asked.Last().WantsSummary);
    }

    [Theory]
    [InlineData("wamid.old", true)]
    [InlineData("wamid.new", false)]
    public async Task LongConversation_WithAMessageThatWasDeleted_IsNotForgotten(string deleted, bool wantsSummary)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 0, MessagesPerMinute = 0, ShowsTyping = false });
        pipeline.Assistant.Answer = c => Task.FromResult(
            ScriptedAssistant.Plain("ok") with { NewSummary = c.WantsSummary ? "o que houve" : null });
        for (int n = 0; n < 40; n++) await pipeline.ReceiveAsync(Ana, $"linha {n}", n == 39 ? "wamid.old" : null);
        await pipeline.SettleAsync();
        await pipeline.ReceiveAsync(Ana, "mais uma", "wamid.new");
        await pipeline.SettleAsync();
        await pipeline.RecordAsync(
            pipeline.Message(Ana, "") with { Kind = InboundKind.Notice, Type = "revoke", RefersTo = deleted });
        await pipeline.ReceiveAsync(Ana, "e agora?");
        await pipeline.SettleAsync();

        TurnContext last = pipeline.Assistant.Asked.Last();
        Assert.Equal(29, last.History.Count);
        // What the deleted message was part of is written anew.
        Assert.Equal(wantsSummary, last.WantsSummary);
        Assert.Equal(wantsSummary ? null : "o que houve", last.Summary);
    }

    [Fact]
    public async Task BrokenRetrieval_CostsThePassagesAndNotTheTurn()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ExecuteAsync("drop function search_knowledge");
        await pipeline.ReceiveAsync(Ana, "qual o preço?");
        await pipeline.SettleAsync();

        Assert.Empty(Assert.Single(pipeline.Assistant.Asked).Passages);
        Assert.Single(pipeline.Provider.Sends);
    }

    [Fact]
    public async Task KnowledgeOfTheTenant_ComesWithTheTurn()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ExecuteAsync(
            """
            insert into knowledge_documents (tenant_id, id, title) values (@t, @d, 'Entrega');
            insert into knowledge_chunks (tenant_id, id, document_id, position, title, body)
            values (@t, @d, @d, 0, 'Entrega', 'Entregamos em todo o Brasil em cinco dias.')
            """,
            new { t = pipeline.Tenant.Id.Value, d = Ids.New(TimeProvider.System) });
        await pipeline.ReceiveAsync(Ana, "vocês entregam aqui?");
        await pipeline.SettleAsync();

        Assert.Equal("Entrega", Assert.Single(pipeline.Assistant.Asked.Single().Passages).Title);
    }

    [Theory]
    [InlineData("answer:before-commit")]
    [InlineData("answer:after-commit")]
    [InlineData("deliver:before-claim")]
    [InlineData("deliver:before-settle")]
    [InlineData("deliver:after-settle")]
    public async Task BrokenOffAnywhere_EndsWithOneAnswer(string point)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 0, UnknownSendWaitMs = 1000, ShowsTyping = false });
        await pipeline.ReceiveAsync(Ana, "oi");
        pipeline.CrashPoints.At = point;
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await pipeline.RunAsync(Queues.AiResponse);
            await pipeline.RunAsync(Queues.MessageDelivery);
        });
        pipeline.CrashPoints.At = null;
        for (int n = 0; n < 5; n++)
        {
            await pipeline.SettleAsync();
            await pipeline.TravelAsync(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from messages where role = 'bot'"));
        Assert.Equal("sent", await pipeline.ScalarAsync<string>("select state from deliveries"));
        Assert.Equal(0, await pipeline.ScalarAsync<long>("select count(*) from queue_messages"));
    }

    /// <summary>How many due ai-response messages carry the current turn.</summary>
    private static Task<long> CurrentDueAsync(Pipeline pipeline) => pipeline.ScalarAsync<long>(
        """
        select count(*) from queue_messages q, conversations c
        where q.due_at <= now() and (q.body::json->>'turn')::bigint = c.turn
        """);
}
