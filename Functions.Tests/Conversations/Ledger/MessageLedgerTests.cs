using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Conversations.Ledger;
using Vellarys.Messaging;
using Xunit;

namespace Vellarys.Tests.Conversations.Ledger;

public sealed class MessageLedgerTests
{
    private const string Ana = "5511987650001";
    private static readonly TenantSettings Quick = new() { QuietMs = 0, ShowsTyping = false, MessagesPerMinute = 0 };

    [Fact]
    public async Task Balance_AccountsForEveryEvent()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "respondida");
        await pipeline.SettleAsync();
        await pipeline.RecordAsync(pipeline.Message(Ana, "👍") with { Kind = InboundKind.Notice, Type = "reaction" });
        pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(new SendOutcome.Refused("131026"));
        await pipeline.ReceiveAsync("5511987650002", "falha");
        await pipeline.SettleAsync();
        await pipeline.ReceiveAsync("5511987650003", "aberta");
        ConversationId open = await pipeline.ConversationAsync();
        LedgerReport report = await BalanceAsync(pipeline);
        Assert.Equal((4, 1, 0, 1, 1, 1), Figures(report));

        await pipeline.TakeOver.RunAsync(pipeline.Tenant.Id, open, null, CancellationToken.None);
        Assert.Equal((4, 1, 1, 1, 1, 0), Figures(await BalanceAsync(pipeline)));
    }

    [Fact]
    public async Task LostTurn_IsFoundRedrivenAndAnswered()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        await pipeline.ExecuteAsync("delete from queue_messages");
        Assert.Equal(
            1, await pipeline.ReconcileTurns.RunAsync(pipeline.Tenant.Id, TimeSpan.Zero, CancellationToken.None));
        Assert.Equal(
            0, await pipeline.ReconcileTurns.RunAsync(pipeline.Tenant.Id, TimeSpan.Zero, CancellationToken.None));
        Assert.Equal(1, (await BalanceAsync(pipeline)).Overdue);
        await pipeline.SettleAsync();
        await pipeline.ReconcileTurns.RunAsync(pipeline.Tenant.Id, TimeSpan.Zero, CancellationToken.None);

        Assert.Single(pipeline.Provider.Sends);
        Assert.Equal((1, 1, 0, 0, 0, 0), Figures(await BalanceAsync(pipeline)));
        Assert.Equal(0, (await BalanceAsync(pipeline)).Overdue);
    }

    [Fact]
    public async Task TurnThatIsNeverAnswered_FailsVisiblyAndCallsAPerson()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        for (int n = 0; n < 8; n++)
        {
            await pipeline.ExecuteAsync("delete from queue_messages");
            await pipeline.TravelAsync(TimeSpan.FromHours(2));
            await pipeline.ReconcileTurns.RunAsync(pipeline.Tenant.Id, TimeSpan.Zero, CancellationToken.None);
        }

        Assert.Equal((1, 0, 0, 0, 1, 0), Figures(await BalanceAsync(pipeline)));
        Assert.Equal("waiting", await pipeline.ScalarAsync<string>("select status from conversations"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TurnAfterOneThatDied_IsNotGivenUpForIt(bool isQueued)
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        await BuryAsync(pipeline);
        await pipeline.ReceiveAsync(Ana, "oi?");
        if (!isQueued) await pipeline.ExecuteAsync("delete from queue_messages");
        await pipeline.ReconcileTurns.RunAsync(pipeline.Tenant.Id, TimeSpan.Zero, CancellationToken.None);
        Assert.Equal("bot", await pipeline.ScalarAsync<string>("select status from conversations"));

        await pipeline.SettleAsync();
        Assert.Equal("Tudo bem!", Assert.Single(pipeline.Provider.Sends).Text);
    }

    [Fact]
    public async Task TurnWhoseOwnMessageDied_IsAPersonsAtOnce()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        await BuryAsync(pipeline);
        await pipeline.ReconcileTurns.RunAsync(pipeline.Tenant.Id, TimeSpan.Zero, CancellationToken.None);
        Assert.Equal("waiting", await pipeline.ScalarAsync<string>("select status from conversations"));
    }

    [Fact]
    public async Task TurnThatWasRedrivenAfterItsMessageDied_IsNotGivenUpWhileThatOneWaits()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        await BuryAsync(pipeline, andDelete: false);
        await pipeline.ReconcileTurns.RunAsync(pipeline.Tenant.Id, TimeSpan.Zero, CancellationToken.None);
        Assert.Equal("bot", await pipeline.ScalarAsync<string>("select status from conversations"));
    }

    [Fact]
    public async Task Watch_FindsNothingWhereEverythingIsAnswered()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        for (int n = 0; n < 20; n++) await pipeline.ReceiveAsync($"55119876500{n:00}", "oi");
        await pipeline.SettleAsync();
        Assert.Equal(
            0, await pipeline.ReconcileTurns.RunAsync(pipeline.Tenant.Id, TimeSpan.Zero, CancellationToken.None));
    }

    [Fact]
    public async Task FindMessage_TellsWhereAnEventStands()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        var find = new FindMessage(pipeline.App);
        Assert.Null(await FindAsync("wamid.a"));

        await pipeline.ExecuteAsync(
            "insert into queue_messages (id, queue, tenant_id, subject, body) values (@id, @q, @t, 'wamid.a', '{}')",
            new { id = Ids.New(TimeProvider.System), q = Queues.MessageProcessing, t = pipeline.Tenant.Id.Value });
        Assert.Equal("queued", (await FindAsync("wamid.a"))!.Outcome);
        await pipeline.ExecuteAsync("delete from queue_messages");

        await pipeline.ReceiveAsync(Ana, "oi", "wamid.a");
        Assert.Equal("open", (await FindAsync("wamid.a"))!.Outcome);
        await pipeline.SettleAsync();
        MessageAccount found = (await FindAsync("wamid.a"))!;
        Assert.Equal(("replied", "sent"), (found.Outcome, found.Delivery));
        Assert.Null(await find.RunAsync(new TenantId(Ids.New(TimeProvider.System)), "wamid.a", CancellationToken.None));

        Task<MessageAccount?> FindAsync(string id) => find.RunAsync(pipeline.Tenant.Id, id, CancellationToken.None);
    }

    private static Task BuryAsync(Pipeline pipeline, bool andDelete = true) => pipeline.ExecuteAsync(
        """
        insert into queue_dead_letters (tenant_id, id, queue, priority, subject, body, code, reason, enqueued_at,
            attempts)
        select tenant_id, id, queue, priority, subject, body, 'x', 'x', enqueued_at, 3 from queue_messages;
        """ + (andDelete ? "delete from queue_messages;" : ""));

    private static Task<LedgerReport> BalanceAsync(Pipeline pipeline) => new MessageLedger(pipeline.App).RunAsync(
        pipeline.Tenant.Id, TimeProvider.System.GetUtcNow().AddHours(-1), CancellationToken.None);

    private static (long, long, long, long, long, long) Figures(LedgerReport r) =>
        (r.Received, r.Replied, r.HandedOff, r.Ignored, r.Failed, r.Open);
}
