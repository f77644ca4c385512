using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Conversations.Recording;

public sealed class RecordMessageTests
{
    [Fact]
    public async Task FirstMessage_OpensContactLeadConversationAndTurn()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.RecordAsync(pipeline.Message("5511987650001", "oi") with { Source = "ad" });

        Assert.Equal(
            1, await pipeline.ScalarAsync<long>("select count(*) from contacts where phone = '5511987650001'"));
        Assert.Equal("ad", await pipeline.ScalarAsync<string>("select source from leads"));
        Assert.Equal("bot/1/0", await pipeline.ScalarAsync<string>(
            "select status || '/' || turn || '/' || answered_turn from conversations"));
        Assert.Equal("cliente/oi/1", await pipeline.ScalarAsync<string>(
            "select role || '/' || body || '/' || turn from messages"));
        Assert.Single(await pipeline.TakeAsync(Queues.AiResponse));
    }

    [Fact]
    public async Task SecondCopyOfAnEvent_ChangesNothing()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        InboundEvent happened = pipeline.Message("5511987650001", "oi");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => pipeline.RecordAsync(happened)));
        await pipeline.RecordAsync(happened);

        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from messages"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select turn from conversations"));
        Assert.Single(await pipeline.TakeAsync(Queues.AiResponse));
    }

    [Fact]
    public async Task ParallelFirstMessages_MakeOneContactAndOneConversation()
    {
        await using Pipeline one = await Pipeline.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(n => one.ReceiveAsync("5511987650001", $"mensagem {n}")));

        Assert.Equal(1, await one.ScalarAsync<long>("select count(*) from contacts"));
        Assert.Equal(1, await one.ScalarAsync<long>("select count(*) from leads"));
        Assert.Equal(1, await one.ScalarAsync<long>("select count(*) from conversations"));
        Assert.Equal(100, await one.ScalarAsync<long>("select count(distinct seq) from messages"));
        Assert.Equal(100, await one.ScalarAsync<long>("select max(turn) from messages"));
    }

    [Fact]
    public async Task EventsInOrder_AreNumberedInThatOrder()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 300).Select(n => pipeline.ReceiveAsync("5511987650001", $"{n}")));

        List<string> bodies = await pipeline.ListAsync<string>("select body from messages order by seq");
        Assert.Equal(Enumerable.Range(0, 300).Select(n => $"{n}"), bodies);
    }

    [Fact]
    public async Task TwoNumbersOfOneTenant_KeepTheirOwnConversations()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        Channel second = pipeline.Directory.AddChannel(pipeline.Tenant.Id);
        await pipeline.Directory.StoreAsync(pipeline.Database.Owner);
        await pipeline.ReceiveAsync("5511987650001", "no primeiro");
        await pipeline.RecordAsync(pipeline.Message("5511987650001", "no segundo", channel: second));

        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from contacts"));
        Assert.Equal(2, await pipeline.ScalarAsync<long>("select count(distinct conversation_id) from messages"));
        Assert.Equal(0, await pipeline.ScalarAsync<long>(
            """
            select count(*) from messages m join conversations c on c.id = m.conversation_id
            where c.channel_id <> m.channel_id
            """));
    }

    [Fact]
    public async Task SecondIdentityOfAKnownContact_BelongsToTheSameContact()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        InboundEvent phone = pipeline.Message("5511987650001", "pelo telefone");
        await pipeline.RecordAsync(phone);
        await pipeline.RecordAsync(pipeline.Message("5511987650001", "com os dois") with
        {
            Identities = [new IdentityKey("bsuid", "BR.1"), new IdentityKey("phone", "5511987650001")],
        });
        await pipeline.RecordAsync(pipeline.Message("BR.1", "só o id") with
        {
            Identities = [new IdentityKey("bsuid", "BR.1")],
        });

        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from contacts"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from conversations"));
        Assert.Equal("BR.1", await pipeline.ScalarAsync<string>("select reply_to from conversations"));
    }

    [Fact]
    public async Task IdentitiesOfTwoContactsSeenTogether_AreSuggestedNotMerged()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync("5511987650001", "um");
        await pipeline.RecordAsync(
            pipeline.Message("BR.9", "outro") with { Identities = [new IdentityKey("bsuid", "BR.9")] });
        await pipeline.RecordAsync(pipeline.Message("5511987650001", "juntos") with
        {
            Identities = [new IdentityKey("bsuid", "BR.9"), new IdentityKey("phone", "5511987650001")],
        });

        Assert.Equal(2, await pipeline.ScalarAsync<long>("select count(*) from contacts"));
        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from identity_merge_suggestions"));
    }

    [Fact]
    public async Task BadEventInASet_CostsOnlyItself()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        Task<Exception?>[] all =
        [
            .. Enumerable.Range(0, 40).Select(n => Record.ExceptionAsync(() =>
                pipeline.ReceiveAsync($"55119876500{n:00}", n == 17 ? "um \0 no meio" : "oi"))),
        ];
        Exception?[] results = await Task.WhenAll(all);

        Assert.IsType<PermanentFault>(results[17]);
        Assert.All(results.Where((_, n) => n != 17), Assert.Null);
        Assert.Equal(39, await pipeline.ScalarAsync<long>("select count(*) from messages"));
    }

    /// <summary>The driver must not take for prepared what the database refused while it was prepared.</summary>
    [Fact]
    public async Task BadEventBetweenOthers_SpoilsNoSessionForThem()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        for (int n = 0; n < 4; n++)
        {
            await pipeline.ReceiveAsync($"551198765010{n}", "oi");
            await Assert.ThrowsAsync<PermanentFault>(() => pipeline.ReceiveAsync($"551198765020{n}", "um \0 no meio"));
        }

        Assert.Equal(4, await pipeline.ScalarAsync<long>("select count(*) from messages"));
        Assert.Equal(4, await pipeline.ScalarAsync<long>(
            "select count(*) from queue_messages where queue = 'ai-response'"));
    }

    [Fact]
    public async Task MessagesOfSeveralTenantsInOneSet_StayApart()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        Tenant other = pipeline.Directory.AddTenant(new TenantSettings());
        Channel theirs = pipeline.Directory.AddChannel(other.Id);
        await pipeline.Directory.StoreAsync(pipeline.Database.Owner);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(n => pipeline.RecordAsync(pipeline.Message(
            "5511987650001", $"mensagem {n}", channel: n % 2 == 0 ? pipeline.Channel : theirs))));

        Assert.Equal(2, await pipeline.ScalarAsync<long>("select count(*) from contacts"));
        Assert.Equal(30, await pipeline.ScalarAsync<long>(
            "select count(*) from messages where tenant_id = @id", new { id = other.Id.Value }));
    }

    [Fact]
    public async Task NoticesAndUnknownEvents_AreKeptAndRaiseNoTurn()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.RecordAsync(pipeline.Message("5511987650001", "👍") with
        {
            Kind = InboundKind.Notice, Type = "reaction", Raw = "{}",
        });
        await pipeline.RecordAsync(pipeline.Message("", "") with
        {
            Kind = InboundKind.Unknown, Type = "flows", Raw = """{"a":1}""", Identities = [], Address = null,
        });

        Assert.Equal(0, await pipeline.ScalarAsync<long>("select max(turn) from conversations"));
        Assert.Equal(
            "ignored:reaction", await pipeline.ScalarAsync<string>("select outcome from receipts where kind = 'N'"));
        Assert.Equal("""{"a":1}""", await pipeline.ScalarAsync<string>("select raw from receipts where kind = 'U'"));
        Assert.Empty(await pipeline.TakeAsync(Queues.AiResponse));
    }

    [Fact]
    public async Task MessageAfterClosing_OpensANewConversationOfTheSameLead()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync("5511987650001", "oi");
        await pipeline.Close.RunAsync(pipeline.Tenant.Id, await pipeline.ConversationAsync(), CancellationToken.None);
        await pipeline.ReceiveAsync("5511987650001", "de novo");

        Assert.Equal(1, await pipeline.ScalarAsync<long>("select count(*) from leads"));
        Assert.Equal(["closed", "bot"], await pipeline.ListAsync<string>(
            "select status from conversations order by created_at"));
        Assert.Equal(
            "ignored/closed", await pipeline.ScalarAsync<string>("select outcome || '/' || reason from turns"));
    }

    [Fact]
    public async Task OptOutWord_IsRecordedConfirmedAndRevocable()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync();
        await pipeline.ReceiveAsync("5511987650001", "quero parar no centro");
        Assert.Null(await pipeline.ScalarAsync<DateTime?>("select opted_out_at from contacts"));
        await pipeline.ReceiveAsync("5511987650001", " Sair! ");
        Assert.NotNull(await pipeline.ScalarAsync<DateTime?>("select opted_out_at from contacts"));
        await pipeline.SettleAsync();
        Assert.Empty(pipeline.Assistant.Asked);
        Assert.Single(pipeline.Provider.Sends);

        await pipeline.ReceiveAsync("5511987650001", "VOLTAR");
        Assert.Null(await pipeline.ScalarAsync<DateTime?>("select opted_out_at from contacts"));
    }
}
