using Vellarys.Assistant;
using Vellarys.Channels;
using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Conversations.Recording;

/// <summary>Edits and deletions, by what the model sees, what staff sees and what is stored.</summary>
public sealed class ChangedMessageTests
{
    private const string Ana = "5511987650001";
    private const string Bia = "5511987650002";
    private const string Card = "meu cartão é 4111 1111 1111 1111";

    [Fact]
    public async Task EditInTheBurst_TheCorrectedTextIsAnsweredOnce()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "Quero 10 cadeiras", "wamid.a");
        await pipeline.RecordAsync(Edit(pipeline, "wamid.a", "Quero 1 cadeira"));
        await pipeline.SettleAsync();

        TurnContext asked = Assert.Single(pipeline.Assistant.Asked);
        Assert.Equal(["Quero 1 cadeira"], asked.History.Select(l => l.Text));
        Assert.Single(pipeline.Provider.Sends);
        Assert.Equal(
            ["text Quero 1 cadeira", "edit Quero 1 cadeira"],
            await pipeline.ListAsync<string>(
                "select kind || ' ' || body from messages where role = 'cliente' order by seq"));
        Assert.True(await pipeline.ScalarAsync<bool>(
            "select edited_at is not null from messages where external_id = 'wamid.a'"));
    }

    [Theory]
    [InlineData("edit", "Quero 1 cadeira")]
    [InlineData("revoke", "")]
    public async Task ChangeWhileTheModelThinks_TheAnswerToTheOldWordsIsNotGiven(string kind, string text)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        var thinking = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        pipeline.Assistant.Answer = async context =>
        {
            if (context.History.All(l => l.Text != "Quero 10 cadeiras")) return ScriptedAssistant.Plain("certo");
            thinking.SetResult();
            await goOn.Task;
            return ScriptedAssistant.Plain("dez cadeiras, certo");
        };
        await pipeline.ReceiveAsync(Ana, "Quero 10 cadeiras", "wamid.a");
        Task<int> answering = pipeline.RunAsync(Queues.AiResponse);
        await thinking.Task;
        await pipeline.RecordAsync(Change(pipeline, kind, "wamid.a", text));
        goOn.SetResult();
        await answering;
        await pipeline.SettleAsync();

        Assert.DoesNotContain(pipeline.Provider.Sends, s => s.Text == "dez cadeiras, certo");
        Assert.Equal(kind == "edit" ? 1 : 0, pipeline.Provider.Sends.Count);
        Assert.Equal(0, await pipeline.ScalarAsync<long>(
            "select count(*) from conversations where turn > answered_turn"));
    }

    /// <summary>A burst past its cap is closed, and its last turn answered as it stands: by its new words.</summary>
    [Theory]
    [InlineData("edit", "Quero 1 cadeira", false)]
    [InlineData("edit", "Quero 1 cadeira", true)]
    [InlineData("revoke", "", false)]
    [InlineData("revoke", "", true)]
    public async Task ChangeInATurnThatTheCapClosed_TheAnswerToTheOldWordsIsNotGiven(
        string kind, string text, bool isClosedBefore)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        var thinking = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        pipeline.Assistant.Answer = async context =>
        {
            if (context.History.All(l => l.Text != "Quero 10 cadeiras")) return ScriptedAssistant.Plain("certo");
            thinking.TrySetResult();
            await goOn.Task;
            return ScriptedAssistant.Plain("dez cadeiras, certo");
        };
        await pipeline.ReceiveAsync(Ana, "Quero 10 cadeiras", "wamid.a");
        Task<int> answering = pipeline.RunAsync(Queues.AiResponse);
        await thinking.Task;
        await pipeline.TravelAsync(TimeSpan.FromMinutes(1));
        if (isClosedBefore) await pipeline.ReceiveAsync(Ana, "e uma mesa");
        await pipeline.RecordAsync(Change(pipeline, kind, "wamid.a", text));
        goOn.SetResult();
        await answering;
        await pipeline.SettleAsync();

        Assert.DoesNotContain(pipeline.Provider.Sends, s => s.Text == "dez cadeiras, certo");
        Assert.Equal(kind == "edit" || isClosedBefore ? 1 : 0, pipeline.Provider.Sends.Count);
        Assert.Equal(0, await pipeline.ScalarAsync<long>(
            "select count(*) from conversations where turn > answered_turn"));
    }

    [Fact]
    public async Task RevokeInTheBurst_NothingOfItIsLeft()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.RecordAsync(pipeline.Message(Ana, Card, "wamid.a") with { Raw = $$"""{"x":"{{Card}}"}""" });
        await pipeline.ReceiveAsync(Ana, "vocês entregam?", "wamid.b");
        await pipeline.RecordAsync(Change(pipeline, "revoke", "wamid.a", ""));
        await pipeline.SettleAsync();

        TurnContext asked = Assert.Single(pipeline.Assistant.Asked);
        Assert.Equal(["vocês entregam?"], asked.History.Select(l => l.Text));
        await AssertGoneAsync(pipeline);
        Assert.Equal(1, await pipeline.ScalarAsync<long>(
            "select count(*) from messages where withdrawn_at is not null"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from messages where kind = 'revoke'"));
    }

    [Fact]
    public async Task RevokeOfAllThatWasSaid_NothingIsAnsweredAndTheBooksSayWhy()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, Card, "wamid.a");
        await pipeline.RecordAsync(Change(pipeline, "revoke", "wamid.a", ""));
        await pipeline.SettleAsync();

        Assert.Empty(pipeline.Assistant.Asked);
        Assert.Empty(pipeline.Provider.Sends);
        Assert.Equal("ignored withdrawn", await pipeline.ScalarAsync<string>(
            "select outcome || ' ' || reason from turns"));
        Assert.Equal("bot", await pipeline.ScalarAsync<string>("select status from conversations"));
    }

    [Fact]
    public async Task RevokeAfterAnEdit_WithdrawsTheEditedTextToo()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "oi", "wamid.a");
        await pipeline.SettleAsync();
        await pipeline.RecordAsync(Edit(pipeline, "wamid.a", Card) with { Raw = $$"""{"x":"{{Card}}"}""" });
        await pipeline.ExecuteAsync("update conversations set summary = 'cartão 4111 1111', summary_seq = last_seq");
        await pipeline.RecordAsync(Change(pipeline, "revoke", "wamid.a", ""));
        await pipeline.SettleAsync();

        await AssertGoneAsync(pipeline);
        Assert.Single(pipeline.Provider.Sends);
    }

    [Theory]
    [InlineData("edit", "corrigido")]
    [InlineData("revoke", "")]
    public async Task ChangeBeforeItsMessage_IsKeptForIt(string kind, string text)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.RecordAsync(Change(pipeline, kind, "wamid.a", text));
        Assert.Equal(0, await pipeline.ScalarAsync<long>("select count(*) from conversations"));
        await pipeline.ReceiveAsync(Ana, "errado", "wamid.a");
        await pipeline.SettleAsync();

        Assert.Equal(text, await pipeline.ScalarAsync<string>(
            "select body from messages where external_id = 'wamid.a'"));
        string[] read = kind == "edit" ? ["corrigido"] : [];
        Assert.Equal(
            read,
            pipeline.Assistant.Asked.SelectMany(a => a.History).Select(l => l.Text));
        await pipeline.ReconcileTurns.RunAsync(CancellationToken.None);
        Assert.Equal(0, await pipeline.ScalarAsync<long>("select count(*) from early_changes"));
    }

    [Fact]
    public async Task ChangeThatCrossedItsMessage_IsMadeByTheWatch()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, Card, "wamid.a");
        await pipeline.ExecuteAsync(
            """
            insert into early_changes (tenant_id, channel_id, external_id, kind, role, known, sent_at)
            select tenant_id, channel_id, external_id, 'revoke', role, array[@writer], now() from messages
            """,
            new { writer = Ana });
        await pipeline.ReconcileTurns.RunAsync(CancellationToken.None);
        await AssertGoneAsync(pipeline);
    }

    [Fact]
    public async Task EditsOutOfOrder_TheLatestWins()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "um", "wamid.a");
        InboundEvent older = Edit(pipeline, "wamid.a", "dois"), newer = Edit(pipeline, "wamid.a", "três");
        await pipeline.RecordAsync(newer with { SentAt = older.SentAt.AddSeconds(1) });
        await pipeline.RecordAsync(older);
        await pipeline.RecordAsync(older);
        Assert.Equal("três", await pipeline.ScalarAsync<string>(
            "select body from messages where external_id = 'wamid.a'"));
    }

    [Fact]
    public async Task EditOfAnAnsweredMessage_ChangesTheHistoryAndAsksForNothing()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "azul", "wamid.a");
        await pipeline.SettleAsync();
        await pipeline.RecordAsync(Edit(pipeline, "wamid.a", "verde"));
        await pipeline.SettleAsync();
        Assert.Single(pipeline.Assistant.Asked);
        await pipeline.ReceiveAsync(Ana, "e o preço?");
        await pipeline.SettleAsync();
        Assert.Equal(
            ["verde", "Tudo bem!", "e o preço?"], pipeline.Assistant.Asked.Last().History.Select(l => l.Text));
    }

    [Fact]
    public async Task EditIntoAnOptOutWord_Counts()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "sai", "wamid.a");
        await pipeline.RecordAsync(Edit(pipeline, "wamid.a", "SAIR"));
        await pipeline.SettleAsync();
        Assert.Equal(1, await pipeline.ScalarAsync<long>(
            "select count(*) from contacts where opted_out_at is not null"));
        Assert.Empty(pipeline.Assistant.Asked);
        Assert.Single(pipeline.Provider.Sends);
    }

    [Fact]
    public async Task ChangeByTheCustomer_NeverTouchesWhatWeSaid()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "oi");
        await pipeline.SettleAsync();
        string ours = await pipeline.ScalarAsync<string>("select provider_message_id from deliveries");
        await pipeline.RecordAsync(Edit(pipeline, ours, "é de graça"));
        Assert.Equal("Tudo bem!", await pipeline.ScalarAsync<string>("select body from messages where role = 'bot'"));
    }

    [Theory]
    [InlineData("edit", true)]
    [InlineData("revoke", true)]
    [InlineData("edit", false)]
    [InlineData("revoke", false)]
    public async Task ChangeByAnotherCustomer_ChangesNothing(string kind, bool isKnown)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "azul", "wamid.a");
        if (isKnown) await pipeline.ReceiveAsync(Bia, "oi");
        await pipeline.RecordAsync(
            Change(pipeline, kind, "wamid.a", "verde") with { Address = Bia, Identities = [new("phone", Bia)] });
        await pipeline.ReconcileTurns.RunAsync(CancellationToken.None);
        Assert.Equal("azul", await pipeline.ScalarAsync<string>(
            "select body from messages where external_id = 'wamid.a' and withdrawn_at is null"));
    }

    [Fact]
    public async Task ChangeByAnotherCustomerBeforeTheMessage_IsNotMadeWhenItComes()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.RecordAsync(
            Change(pipeline, "revoke", "wamid.a", "") with { Address = Bia, Identities = [new("phone", Bia)] });
        await pipeline.RecordAsync(Edit(pipeline, "wamid.a", "verde"));
        await pipeline.ReceiveAsync(Ana, "azul", "wamid.a");
        Assert.Equal("verde", await pipeline.ScalarAsync<string>(
            "select body from messages where external_id = 'wamid.a' and withdrawn_at is null"));
    }

    [Fact]
    public async Task ChangeAfterANewNumber_IsTheSameCustomers()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "azul", "wamid.a");
        await pipeline.RecordAsync(pipeline.Message(Ana, "User changed") with
        {
            Kind = InboundKind.Notice, Type = "system", Change = new(IdentityChange.Number, Bia, null, Bia),
        });
        await pipeline.RecordAsync(
            Edit(pipeline, "wamid.a", "verde") with { Address = Bia, Identities = [new("phone", Bia)] });
        Assert.Equal("verde", await pipeline.ScalarAsync<string>(
            "select body from messages where external_id = 'wamid.a'"));
    }

    [Fact]
    public async Task RevokeOfWhatNeverCame_LeavesNothingOfItsEdits()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "oi");
        await pipeline.RecordAsync(Edit(pipeline, "wamid.a", Card) with { Raw = $$"""{"x":"{{Card}}"}""" });
        await pipeline.RecordAsync(Change(pipeline, "revoke", "wamid.a", ""));
        await AssertGoneAsync(pipeline);
    }

    [Fact]
    public async Task EditThatComesAfterTheRevoke_LeavesNothing()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "oi", "wamid.a");
        await pipeline.RecordAsync(Change(pipeline, "revoke", "wamid.a", ""));
        await pipeline.RecordAsync(Edit(pipeline, "wamid.a", Card) with { Raw = $$"""{"x":"{{Card}}"}""" });
        await AssertGoneAsync(pipeline);
    }

    [Fact]
    public async Task RevokeOnTheCompanysPhone_LeavesNothingOfTheEdits()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync(Ana, "oi");
        await pipeline.RecordAsync(
            pipeline.Message(Ana, Card, "wamid.e") with { Kind = InboundKind.Echo, Raw = $$"""{"x":"{{Card}}"}""" });
        foreach (string kind in (string[])["edit", "revoke"])
        {
            await pipeline.RecordAsync(Change(pipeline, kind, "wamid.e", kind == "edit" ? Card + "!" : "") with
            {
                Kind = InboundKind.Echo, Raw = kind == "edit" ? $$"""{"x":"{{Card}}"}""" : null,
            });
        }

        await AssertGoneAsync(pipeline);
    }

    private static InboundEvent Edit(Pipeline pipeline, string target, string text) =>
        Change(pipeline, "edit", target, text);

    private static InboundEvent Change(Pipeline pipeline, string kind, string target, string text) =>
        pipeline.Message(Ana, text) with { Kind = InboundKind.Notice, Type = kind, RefersTo = target };

    // Long enough that no id holds it by chance.
    private static async Task AssertGoneAsync(Pipeline pipeline) => Assert.DoesNotMatch(
        "4111 ?1111", await pipeline.ScalarAsync<string>(EveryRow.Sql));
}
