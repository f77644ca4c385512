using Vellarys.Accounts;
using Vellarys.Assistant;
using Vellarys.Caching;
using Vellarys.Channels;
using Vellarys.Conversations.Ledger;
using Vellarys.Flows.Kernel;
using Vellarys.Flows.Survey;
using Vellarys.Messaging;
using Vellarys.Tests.Caching;
using Vellarys.Tests.Conversations;
using Vellarys.Tests.Conversations.Recording;
using Xunit;

namespace Vellarys.Tests.Flows.Survey;

/// <summary>Whole surveys on a real database: two days in a second.</summary>
public sealed class SurveyCycleTests : IAsyncLifetime
{
    private const string Ana = "5511987650001";
    private readonly ShiftedTime _time = new();
    private readonly Cache _cache = Caches.InMemory(TimeProvider.System);
    private Pipeline _pipeline = null!;

    public async Task InitializeAsync()
    {
        _pipeline = await Pipeline.StartAsync(new TenantSettings
        {
            QuietMs = 0, ShowsTyping = false, Survey = new SurveySettings { Kind = "nps" },
        });
        // The trigger that closing sets off reads the stored settings.
        await _pipeline.ExecuteAsync("""update tenants set settings = '{"survey": {"kind": "nps"}}'""");
        var advance = new AdvanceFlow(
            _pipeline.App, new FlowCatalog([new SurveyEffects(_cache)]), _pipeline.Directory, _pipeline.Outbox, _time);
        _pipeline.Add(new StartSurvey(_pipeline.App, _pipeline.Directory, _pipeline.Outbox));
        _pipeline.Add(new HandleFlowEvents(advance, new RecordFlowFault(_pipeline.App), []));
    }

    public async Task DisposeAsync() => await _pipeline.DisposeAsync();

    [Fact]
    public async Task Closed_CustomerAnswersWithScoreAndComment_IsStoredThankedAndClosed()
    {
        await AskAsync();
        Assert.Equal(Texts.Get(Texts.SurveyAskNps, "pt-BR"), LastSent());

        await _pipeline.ReceiveAsync(Ana, "nota 9, adorei");
        await SettleAsync();

        Assert.Equal("nps 9 adorei", await AnswerAsync());
        Assert.Equal(Texts.Get(Texts.SurveyThanks, "pt-BR"), LastSent());
        Assert.Single(_pipeline.Assistant.Asked);
        Assert.Equal(3, _pipeline.Provider.Sends.Count);
        Assert.Equal("1-1 ignored survey_answer", await _pipeline.ScalarAsync<string>(
            """
            select from_turn || '-' || to_turn || ' ' || outcome || ' ' || reason from turns
            order by created_at desc limit 1
            """));
        Assert.Equal(0, await _pipeline.ScalarAsync<long>(
            "select count(*) from conversations where status <> 'closed'"));
        LedgerReport books = await new MessageLedger(_pipeline.App).RunAsync(
            _pipeline.Tenant.Id, _time.GetUtcNow().AddDays(-1), CancellationToken.None);
        Assert.Equal((2, 1, 1, 0), (books.Received, books.Replied, books.Ignored, books.Open));

        // Closing that conversation asks nothing: thirty days are not over.
        await TravelAsync(TimeSpan.FromMinutes(6));
        Assert.Equal(1, await _pipeline.RunAsync(Queues.NpsSurvey));
        Assert.Equal(["survey answered"], await FlowsAsync());
    }

    [Theory]
    [InlineData("revoke", "", null)]
    [InlineData("edit", "nota 9, gostei", "nota 9, gostei")]
    public async Task AnswerThatTheCustomerChanges_IsChangedWhereverItIsKept(string kind, string text, string? comment)
    {
        await AskAsync();
        await _pipeline.ReceiveAsync(Ana, "nota 9, adorei", "wamid.score");
        await SettleAsync();
        await _pipeline.RecordAsync(_pipeline.Message(Ana, text) with
        {
            Kind = InboundKind.Notice, Type = kind, RefersTo = "wamid.score",
        });

        Assert.DoesNotContain("adorei", await _pipeline.ScalarAsync<string>(EveryRow.Sql), StringComparison.Ordinal);
        Assert.Equal(9, await _pipeline.ScalarAsync<int>("select score from survey_answers"));
        Assert.Equal(comment, await _pipeline.ScalarAsync<string?>("select comment from survey_answers"));
    }

    [Fact]
    public async Task Asked_CustomerAsksSomethingElse_IsAnsweredByTheAssistant()
    {
        await AskAsync();
        await _pipeline.ReceiveAsync(Ana, "quero 2 cadeiras");
        await SettleAsync();

        Assert.Equal("quero 2 cadeiras", _pipeline.Assistant.Asked.Last().History.Single(l => l.Unanswered).Text);
        Assert.Equal("Tudo bem!", LastSent());
        Assert.Equal(["survey reopened"], await FlowsAsync());
        Assert.Equal(0, await _pipeline.ScalarAsync<long>("select count(*) from survey_answers"));
        Assert.Equal("bot", await _pipeline.ScalarAsync<string>(
            "select status from conversations order by created_at desc limit 1"));
    }

    [Fact]
    public async Task Asked_ScoreThenReason_BothAreStored()
    {
        var results = new SurveyResults(_pipeline.App, _cache);
        DateTimeOffset since = _time.GetUtcNow().AddDays(-1);
        Assert.Equal(0, (await results.RunAsync(_pipeline.Tenant.Id, since, default)).Asked);
        await AskAsync();
        SurveyReport asked = await results.RunAsync(_pipeline.Tenant.Id, since, default);
        Assert.Equal((1, 0), (asked.Asked, asked.Answered));
        await _pipeline.ReceiveAsync(Ana, "dez");
        await SettleAsync();
        Assert.Equal(Texts.Get(Texts.SurveyAskWhy, "pt-BR"), LastSent());
        Assert.Equal("nps 10 -", await AnswerAsync());

        await _pipeline.ReceiveAsync(Ana, "entregaram antes do prazo");
        await SettleAsync();

        Assert.Equal("nps 10 entregaram antes do prazo", await AnswerAsync());
        Assert.Equal(Texts.Get(Texts.SurveyThanks, "pt-BR"), LastSent());
        Assert.Equal(["survey answered"], await FlowsAsync());
        // Remembered twice, and never stale after what was written.
        SurveyReport report = await results.RunAsync(_pipeline.Tenant.Id, since, default);
        Assert.Equal((1, 1, 100.0), (report.Asked, report.Answered, report.Nps.Score));
    }

    [Fact]
    public async Task Asked_NobodyAnswers_Expires()
    {
        await AskAsync();
        await TravelAsync(TimeSpan.FromHours(47));
        Assert.Equal(0, await _pipeline.RunAsync(Queues.FlowEvents));
        await TravelAsync(TimeSpan.FromHours(2));
        await SettleAsync();

        Assert.Equal(["survey expired"], await FlowsAsync());
        Assert.Equal(2, _pipeline.Provider.Sends.Count);
    }

    [Fact]
    public async Task Asked_OptOutWord_WinsOverTheSurvey()
    {
        await AskAsync();
        await _pipeline.ReceiveAsync(Ana, "sair");
        await SettleAsync();

        Assert.Equal(Texts.Get(Texts.OptOutConfirmed, "pt-BR"), LastSent());
        Assert.Equal(["survey reopened"], await FlowsAsync());
    }

    [Fact]
    public async Task Asked_AnswerHandedOutTwice_IsTakenOnce()
    {
        await AskAsync();
        await _pipeline.ReceiveAsync(Ana, "7");
        TestDelivery turn = Assert.Single(await _pipeline.TakeAsync(Queues.AiResponse));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _pipeline.HandleAsync(new TestDelivery(turn.Message))));
        await SettleAsync();

        Assert.Equal("nps 7 -", await AnswerAsync());
        Assert.Equal(1, await _pipeline.ScalarAsync<long>(
            "select count(*) from flow_events where body->>'kind' = 'answered'"));
        Assert.Equal(3, _pipeline.Provider.Sends.Count);
    }

    [Fact]
    public async Task Asked_AnswerToAPersonInCharge_IsLeftToThem()
    {
        await AskAsync();
        await _pipeline.ReceiveAsync(Ana, "9");
        await _pipeline.TakeOver.RunAsync(
            _pipeline.Tenant.Id, await _pipeline.ConversationAsync(), null, CancellationToken.None);
        await SettleAsync();

        Assert.Equal(0, await _pipeline.ScalarAsync<long>("select count(*) from survey_answers"));
        Assert.Equal(2, _pipeline.Provider.Sends.Count);
    }

    [Fact]
    public async Task Closed_CustomerWritesBeforeItIsDue_NothingIsAsked()
    {
        await TalkAndCloseAsync();
        await _pipeline.ReceiveAsync(Ana, "oi de novo");
        await TravelAsync(TimeSpan.FromMinutes(6));
        Assert.Equal(1, await _pipeline.RunAsync(Queues.NpsSurvey));

        Assert.Empty(await FlowsAsync());
    }

    [Fact]
    public async Task Closed_CustomerWritesBetweenStartAndQuestion_NothingIsAsked()
    {
        await TalkAndCloseAsync();
        await TravelAsync(TimeSpan.FromMinutes(6));
        await _pipeline.RunAsync(Queues.NpsSurvey);
        await _pipeline.ReceiveAsync(Ana, "oi de novo");
        await SettleAsync();

        Assert.Equal(["survey reopened"], await FlowsAsync());
        Assert.DoesNotContain(_pipeline.Provider.Sends, s => s.Text == Texts.Get(Texts.SurveyAskNps, "pt-BR"));
    }

    [Fact]
    public async Task Closed_DueMessageTwice_IsAskedOnce()
    {
        await TalkAndCloseAsync();
        await TravelAsync(TimeSpan.FromMinutes(6));
        TestDelivery due = Assert.Single(await _pipeline.TakeAsync(Queues.NpsSurvey));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _pipeline.HandleAsync(new TestDelivery(due.Message))));
        await SettleAsync();
        await _pipeline.HandleAsync(new TestDelivery(due.Message));
        await SettleAsync();

        Assert.Single(await FlowsAsync());
        Assert.Equal(2, _pipeline.Provider.Sends.Count);
    }

    [Theory]
    [InlineData("update contacts set opted_out_at = now()", "survey opted_out")]
    [InlineData("update channels set status = 'stopped'", "survey channel_stopped")]
    [InlineData("update conversations set last_inbound_at = now() - interval '25 hours'", "survey window_closed")]
    public async Task Closed_CustomerWhoMayNotBeAsked_IsNot(string sql, string flow)
    {
        await TalkAndCloseAsync();
        await _pipeline.ExecuteAsync(sql);
        await TravelAsync(TimeSpan.FromMinutes(6));
        await _pipeline.RunAsync(Queues.NpsSurvey);
        await SettleAsync();

        Assert.Equal([flow], await FlowsAsync());
        Assert.Single(_pipeline.Provider.Sends);
    }

    private async Task AskAsync()
    {
        await TalkAndCloseAsync();
        Assert.Equal(0, await _pipeline.RunAsync(Queues.NpsSurvey));
        await TravelAsync(TimeSpan.FromMinutes(6));
        Assert.Equal(1, await _pipeline.RunAsync(Queues.NpsSurvey));
        await SettleAsync();
        Assert.Equal(2, _pipeline.Provider.Sends.Count);
    }

    private async Task TalkAndCloseAsync()
    {
        await _pipeline.ReceiveAsync(Ana, "oi");
        await _pipeline.SettleAsync();
        await _pipeline.Close.RunAsync(
            _pipeline.Tenant.Id, await _pipeline.ConversationAsync(), CancellationToken.None);
    }

    /// <summary>Turns, flows and deliveries, until nothing is due.</summary>
    private async Task SettleAsync()
    {
        do await _pipeline.SettleAsync();
        while (await _pipeline.RunAsync(Queues.FlowEvents) > 0);
    }

    private Task TravelAsync(TimeSpan time)
    {
        _time.Shift += time;
        return _pipeline.TravelAsync(time);
    }

    private string LastSent() => _pipeline.Provider.Sends.Last().Text;

    private Task<string> AnswerAsync() => _pipeline.ScalarAsync<string>(
        "select kind || ' ' || score || ' ' || coalesce(comment, '-') from survey_answers");

    private Task<List<string>> FlowsAsync() => _pipeline.ListAsync<string>(
        "select name || ' ' || coalesce(outcome, 'runs') from flows where name = 'survey'");

    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
    }
}
