using Vellarys.Assistant;
using Vellarys.Channels;
using Vellarys.Conversations.Ownership;
using Vellarys.Flows.Handoff.Agents;
using Vellarys.Tests.Conversations;
using Vellarys.Tests.Conversations.Recording;
using Xunit;

namespace Vellarys.Tests.Flows.Handoff;

/// <summary>Handoffs on a real database, from what the customer writes to what the agent sees.</summary>
public sealed class HandoffTests
{
    private const string Ana = "5511987650001";

    [Fact]
    public async Task CustomerAsksForAPerson_TheFreeAgentIsAskedAndTheBotFallsSilent()
    {
        await using FlowStage stage = await FlowStage.OpenAsync();
        Guid agent = await stage.AgentAsync("Bruno");
        ConversationId conversation = await WaitingAsync(stage, Ana);
        Assert.Equal(("waiting", agent), await ChargeAsync(stage));
        Assert.Equal("handoff_offered", await stage.Pipeline.ScalarAsync<string>("select kind from notifications"));
        Assert.Contains("quero falar com uma pessoa", await stage.Pipeline.ScalarAsync<string>(
            "select body::text from notifications"), StringComparison.Ordinal);

        OwnerChange? accepted = await new AcceptHandoff(stage.Pipeline.ChangeOwner, stage.Pipeline.App)
            .RunAsync(stage.Pipeline.Tenant.Id, conversation, agent, CancellationToken.None);
        Assert.IsType<OwnerChange.Changed>(accepted);
        await stage.Pipeline.ReceiveAsync(Ana, "oi?");
        await stage.SettleAsync();
        Assert.Single(stage.Pipeline.Assistant.Asked);
        Assert.Equal("attended", await StateAsync(stage));
    }

    [Theory]
    [InlineData("revoke", "")]
    [InlineData("edit", "quero falar com a Bia")]
    public async Task MessageThatTheCustomerChanges_IsChangedInWhatAgentsWereTold(string kind, string text)
    {
        await using FlowStage stage = await FlowStage.OpenAsync();
        await stage.AgentAsync("Bruno");
        await WaitingAsync(stage, Ana);
        string external = await stage.Pipeline.ScalarAsync<string>(
            "select external_id from messages where body = 'quero falar com uma pessoa'");
        await stage.Pipeline.RecordAsync(stage.Pipeline.Message(Ana, text) with
        {
            Kind = InboundKind.Notice, Type = kind, RefersTo = external,
        });

        Assert.DoesNotContain(
            "com uma pessoa", await stage.Pipeline.ScalarAsync<string>(EveryRow.Sql), StringComparison.Ordinal);
        Assert.Equal(text, await stage.Pipeline.ScalarAsync<string>(
            "select body #>> '{lastMessages,0,text}' from notifications"));
        Assert.Equal("bot", await stage.Pipeline.ScalarAsync<string>(
            "select body #>> '{lastMessages,1,from}' from notifications"));
    }

    [Fact]
    public async Task OfferThatNobodyTakes_GoesToTheNextAndThenToTheSupervisor()
    {
        await using FlowStage stage = await FlowStage.OpenAsync();
        HashSet<Guid> agents = [.. await Task.WhenAll(
            stage.AgentAsync("A"), stage.AgentAsync("B"), stage.AgentAsync("C"))];
        Guid supervisor = await stage.AgentAsync("S", role: "supervisor");
        await WaitingAsync(stage, Ana);
        HashSet<Guid> asked = [];
        for (int i = 0; i < 3; i++)
        {
            asked.Add((await ChargeAsync(stage)).Agent!.Value);
            await stage.SleepAsync();
        }

        Assert.Equal(agents, asked);
        Assert.Equal(supervisor, (await ChargeAsync(stage)).Agent);
        Assert.Equal(1, await stage.Pipeline.ScalarAsync<long>(
            "select count(*) from notifications where kind = 'nobody_accepts'"));
    }

    [Fact]
    public async Task NobodyThere_TheCustomerIsToldOnceAndServedWhenSomebodyComes()
    {
        await using FlowStage stage = await FlowStage.OpenAsync();
        await WaitingAsync(stage, Ana);
        await stage.SleepAsync();
        await stage.SleepAsync();
        OutboundMessageTexts(stage, 2, "número 1 da fila");

        Guid late = await stage.AgentAsync("Tarde");
        await stage.Dispatch.RunAsync(stage.Pipeline.Tenant.Id, CancellationToken.None);
        await stage.RunFlowsAsync();
        Assert.Equal(late, (await ChargeAsync(stage)).Agent);
    }

    [Fact]
    public async Task TwoAcceptAtOnce_OneHasItAndTheOtherIsRefused()
    {
        await using FlowStage stage = await FlowStage.OpenAsync();
        ConversationId conversation = await WaitingAsync(stage, Ana);
        Guid[] rivals = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => stage.AgentAsync($"Rival {i}")));
        var accept = new AcceptHandoff(stage.Pipeline.ChangeOwner, stage.Pipeline.App);
        OwnerChange?[] answers = await Task.WhenAll(rivals.Select(r => Task.Run(() =>
            accept.RunAsync(stage.Pipeline.Tenant.Id, conversation, r, CancellationToken.None))));
        Assert.Single(answers.OfType<OwnerChange.Changed>());
        Assert.All(answers.OfType<OwnerChange.Refused>(), r => Assert.Equal("taken", r.Code));
    }

    [Fact]
    public async Task Transfer_ToAPerson_IsOfferedToThemAndTheBotStaysSilent()
    {
        await using FlowStage stage = await FlowStage.OpenAsync();
        Guid first = await stage.AgentAsync("Primeira");
        ConversationId conversation = await WaitingAsync(stage, Ana);
        await new AcceptHandoff(stage.Pipeline.ChangeOwner, stage.Pipeline.App)
            .RunAsync(stage.Pipeline.Tenant.Id, conversation, first, CancellationToken.None);
        Guid second = await stage.AgentAsync("Segunda");
        Assert.Equal(TransferOutcome.Passed, await new TransferHandoff(stage.Pipeline.App, stage.Clock).RunAsync(
            stage.Pipeline.Tenant.Id, conversation, null, second, CancellationToken.None));
        await stage.SettleAsync();
        Assert.Equal(("waiting", second), await ChargeAsync(stage));
        await stage.Pipeline.ReceiveAsync(Ana, "ainda está aí?");
        await stage.SettleAsync();
        Assert.Single(stage.Pipeline.Assistant.Asked);
    }

    [Fact]
    public async Task GivenBack_TheFlowEndsAndTheNextWishRaisesANewOne()
    {
        await using FlowStage stage = await FlowStage.OpenAsync();
        ConversationId conversation = await WaitingAsync(stage, Ana);
        await stage.Pipeline.GiveBack.RunAsync(stage.Pipeline.Tenant.Id, conversation, CancellationToken.None);
        await stage.RunFlowsAsync();
        Assert.Equal("returned", await stage.Pipeline.ScalarAsync<string>("select outcome from flows"));
        await stage.Pipeline.ReceiveAsync(Ana, "quero uma pessoa mesmo");
        await stage.SettleAsync();
        Assert.Equal(1, await stage.Pipeline.ScalarAsync<long>(
            "select count(*) from flows where name = 'handoff' and ended_at is null"));
    }

    [Fact]
    public async Task TwoHundredHandoffsAtOnce_TenAgents_EvenAndNobodyOverCapacity()
    {
        await using FlowStage stage = await FlowStage.OpenAsync();
        for (int i = 0; i < 10; i++) await stage.AgentAsync($"Agente {i}", capacity: 20);
        HandOffByAssistant(stage);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() =>
            stage.Pipeline.ReceiveAsync($"55119876{i:00000}", "quero falar com uma pessoa"))));
        await stage.Pipeline.SettleAsync();
        // Several dispatchers and runners at once, as several instances would.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(stage.RunFlowsAsync)));
        await stage.RunFlowsAsync();

        List<long> loads = await stage.Pipeline.ListAsync<long>(
            "select count(*) from conversations where status = 'waiting' and user_id is not null group by user_id");
        Assert.Equal(10, loads.Count);
        Assert.Equal(200, loads.Sum());
        Assert.True(loads.Max() - loads.Min() <= 1, string.Join(' ', loads));
        Assert.Equal(200, await stage.Pipeline.ScalarAsync<long>(
            "select count(distinct conversation_id) from notifications where kind = 'handoff_offered'"));
    }

    [Fact]
    public async Task LostHint_TheWatchFindsWhoWaitsAndRestartsTheFlow()
    {
        await using FlowStage stage = await FlowStage.OpenAsync();
        HandOffByAssistant(stage);
        await stage.Pipeline.ReceiveAsync(Ana, "quero falar com uma pessoa");
        await stage.Pipeline.SettleAsync();
        await stage.Pipeline.ExecuteAsync("delete from queue_messages");
        Assert.Contains(
            await stage.Standstills.RunAsync(stage.Pipeline.Tenant, TimeSpan.Zero, CancellationToken.None),
            s => s.Kind == "signal_unseen");
        Assert.Equal(1, await stage.Watch.RunAsync(
            stage.Pipeline.Tenant.Id, TimeSpan.Zero, CancellationToken.None));
        Guid agent = await stage.AgentAsync("Bruno");
        await stage.RunFlowsAsync();
        Assert.Equal(agent, (await ChargeAsync(stage)).Agent);
    }

    [Fact]
    public async Task Accept_ByNobodyWeKnow_ChangesNothing()
    {
        await using FlowStage stage = await FlowStage.OpenAsync();
        ConversationId conversation = await WaitingAsync(stage, Ana);
        Assert.Null(await new AcceptHandoff(stage.Pipeline.ChangeOwner, stage.Pipeline.App).RunAsync(
            stage.Pipeline.Tenant.Id, conversation, Ids.New(TimeProvider.System), CancellationToken.None));
        Assert.Equal("waiting", (await ChargeAsync(stage)).Status);
    }

    [Fact]
    public async Task BotCallsAgainBeforeTheGiveBackWasSeen_ANewHandoffRuns()
    {
        await using FlowStage stage = await FlowStage.OpenAsync();
        ConversationId conversation = await WaitingAsync(stage, Ana);
        await stage.Pipeline.GiveBack.RunAsync(stage.Pipeline.Tenant.Id, conversation, CancellationToken.None);
        await stage.Pipeline.ReceiveAsync(Ana, "quero uma pessoa mesmo");
        // The flow has not looked yet, and the assistant hands off again.
        await stage.Pipeline.SettleAsync();
        await stage.RunFlowsAsync();
        Assert.Equal(["returned", null], await stage.Pipeline.ListAsync<string?>(
            "select outcome from flows where name = 'handoff' order by created_at"));
    }

    [Fact]
    public async Task AnswerOnThePhoneDuringAnOffer_NobodyElseOwnsIt()
    {
        await using FlowStage stage = await FlowStage.OpenAsync();
        await stage.AgentAsync("Só perguntada");
        await WaitingAsync(stage, Ana);
        await stage.Pipeline.RecordAsync(
            stage.Pipeline.Message(Ana, "oi, aqui é a loja") with { Kind = Vellarys.Channels.InboundKind.Echo });
        await stage.RunFlowsAsync();
        Assert.Equal(("human", null), await ChargeAsync(stage));
        Assert.Equal("attended", await StateAsync(stage));
    }

    private static void OutboundMessageTexts(FlowStage stage, int count, string part)
    {
        List<string> texts = [.. stage.Pipeline.Provider.Sends.Select(s => s.Text)];
        Assert.Equal(count, texts.Count);
        Assert.Contains(part, texts[^1], StringComparison.Ordinal);
    }

    private static void HandOffByAssistant(FlowStage stage) =>
        stage.Pipeline.Assistant.Answer = _ => Task.FromResult(
            ScriptedAssistant.Plain("Vou chamar uma pessoa.", HandoffReason.CustomerAsked));

    private static async Task<ConversationId> WaitingAsync(FlowStage stage, string from)
    {
        HandOffByAssistant(stage);
        await stage.Pipeline.ReceiveAsync(from, "quero falar com uma pessoa");
        await stage.SettleAsync();
        return await stage.Pipeline.ConversationAsync();
    }

    private static async Task<(string Status, Guid? Agent)> ChargeAsync(FlowStage stage) =>
        (await stage.Pipeline.ListAsync<(string, Guid?)>("select status, user_id from conversations")).Single();

    private static Task<string> StateAsync(FlowStage stage) => stage.Pipeline.ScalarAsync<string>(
        "select state ->> 'state' from flows where name = 'handoff' order by created_at desc limit 1");
}
