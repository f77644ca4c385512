using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Accounts;
using Vellarys.Channels;
using Vellarys.Conversations.Ledger;
using Xunit;

namespace Vellarys.Tests.Conversations.Ledger;

public sealed class PruneInboundDedupeTests
{
    private const string Ana = "5511987650001";
    private const string FromCustomers = "select count(*) from messages where role = 'cliente'";
    private static readonly TenantSettings Quick = new() { QuietMs = 0, ShowsTyping = false, MessagesPerMinute = 0 };
    private static readonly DateTimeOffset Ever = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task OldReceipts_AreDeletedAndTheBooksStillBalance()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "velha");
        await pipeline.RecordAsync(pipeline.Message(Ana, "👍") with { Kind = InboundKind.Notice, Type = "reaction" });
        await pipeline.SettleAsync();
        pipeline.Provider.Outcome = _ => Task.FromResult<SendOutcome>(new SendOutcome.Refused("131026"));
        await pipeline.ReceiveAsync("5511987650002", "falha");
        await pipeline.SettleAsync();
        pipeline.Provider.Outcome = m => Task.FromResult<SendOutcome>(new SendOutcome.Sent("out." + m.Id));
        await AgeAsync(pipeline, days: 31);
        await pipeline.ReceiveAsync("5511987650003", "nova");
        await pipeline.SettleAsync();
        CustodyReport before = await BalanceAsync(pipeline, Recent);

        Assert.Equal(3, await PruneAsync(pipeline));
        Assert.Equal(0, await PruneAsync(pipeline));

        Assert.Equal(before with { Since = default }, await BalanceAsync(pipeline, Recent) with { Since = default });
        Assert.Equal((1, 1, 0, 0, 0, 0), Figures(await BalanceAsync(pipeline, Recent)));
        Assert.Equal((1, 1, 0, 0, 0, 0), Figures(await BalanceAsync(pipeline, Ever)));
        // The watch goes by messages and its own mark: it must not take what was pruned for unanswered.
        Assert.Equal(0, await pipeline.WatchCustody.RunAsync(pipeline.Tenant.Id, TimeSpan.Zero, default));
    }

    [Fact]
    public async Task OldReceiptOfAnOpenMessage_StaysUntilItHasAnOutcome()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "sem resposta ainda");
        await AgeAsync(pipeline, days: 40);
        Assert.Equal(0, await PruneAsync(pipeline));
        Assert.Equal((1, 0, 0, 0, 0, 1), Figures(await BalanceAsync(pipeline, Ever)));

        // Answered, but the reply is not out yet: still open.
        while (await pipeline.RunAsync(Vellarys.Messaging.Queues.AiResponse) > 0)
        {
        }

        Assert.Equal(0, await PruneAsync(pipeline));
        await pipeline.SettleAsync();
        Assert.Equal((1, 1, 0, 0, 0, 0), Figures(await BalanceAsync(pipeline, Ever)));
        Assert.Equal(1, await PruneAsync(pipeline));
    }

    [Fact]
    public async Task OldReceiptOfAReplyWithoutADelivery_IsOpenInTheBooksAndStays()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.ReceiveAsync(Ana, "oi");
        await pipeline.SettleAsync();
        await AgeAsync(pipeline, days: 40);
        await pipeline.ExecuteAsync("delete from deliveries", new { });

        Assert.Equal((1, 0, 0, 0, 0, 1), Figures(await BalanceAsync(pipeline, Ever)));
        Assert.Equal(0, await PruneAsync(pipeline));
        Assert.Equal((1, 0, 0, 0, 0, 1), Figures(await BalanceAsync(pipeline, Ever)));
    }

    [Fact]
    public async Task SuspendedTenant_OldReceiptsAreDeletedToo()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await pipeline.RecordAsync(pipeline.Message(Ana, "👍") with { Kind = InboundKind.Notice, Type = "x" });
        await AgeAsync(pipeline, days: 31);
        await pipeline.ExecuteAsync("update tenants set status = 'suspended'", new { });
        TenantDirectory tenants = new(pipeline.App, TimeProvider.System, NullLogger<TenantDirectory>.Instance);

        await new PruneInboundDedupe(
            pipeline.App, tenants, new InboundDedupeOptions(), NullLogger<PruneInboundDedupe>.Instance)
            .RunAsync(default);
        Assert.Equal(0, await pipeline.ScalarAsync<long>("select count(*) from receipts"));
    }

    [Fact]
    public async Task OpenReceiptsInFront_DoNotHoldUpWhatComesAfter()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        for (int n = 0; n < 4; n++) await pipeline.ReceiveAsync($"55119876600{n:00}", "aberta");
        await AgeAsync(pipeline, days: 10);
        for (int n = 0; n < 7; n++)
        {
            await pipeline.RecordAsync(
                pipeline.Message(Ana, "👍") with { Kind = InboundKind.Notice, Type = "reaction" });
        }

        await AgeAsync(pipeline, days: 31);
        Assert.Equal(7, await PruneAsync(pipeline, batch: 2));
        Assert.Equal(4, await pipeline.ScalarAsync<long>("select count(*) from receipts"));
    }

    [Fact]
    public async Task OneTenantPruned_OthersAreLeftAlone()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        Tenant other = pipeline.Directory.AddTenant(new TenantSettings());
        Channel theirs = pipeline.Directory.AddChannel(other.Id);
        await pipeline.Directory.StoreAsync(pipeline.Database.Owner);
        await pipeline.RecordAsync(pipeline.Message(Ana, "👍") with { Kind = InboundKind.Notice, Type = "x" });
        await pipeline.RecordAsync(
            pipeline.Message(Ana, "👍", channel: theirs) with { Kind = InboundKind.Notice, Type = "x" });
        await AgeAsync(pipeline, days: 31);

        Assert.Equal(1, await PruneAsync(pipeline));
        Assert.Equal(other.Id.Value, await pipeline.ScalarAsync<Guid>("select tenant_id from receipts"));
        await Job(pipeline, 1_000).RunAsync(default);
        Assert.Equal(0, await pipeline.ScalarAsync<long>("select count(*) from receipts"));
    }

    [Fact]
    public async Task CopyLaterThanTheRetention_IsTakenForANewMessage()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        InboundEvent happened = pipeline.Message(Ana, "oi");
        await pipeline.RecordAsync(happened);
        await pipeline.SettleAsync();
        await pipeline.RecordAsync(happened);
        Assert.Equal(1, await pipeline.ScalarAsync<long>(FromCustomers));
        await AgeAsync(pipeline, days: 31);
        await PruneAsync(pipeline);

        await pipeline.RecordAsync(happened);
        await pipeline.SettleAsync();

        Assert.Equal(2, await pipeline.ScalarAsync<long>(FromCustomers));
        Assert.Equal((1, 1, 0, 0, 0, 0), Figures(await BalanceAsync(pipeline, Ever)));
    }

    [Fact]
    public async Task OldReceipts_AreFoundByTheirIndex()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(Quick);
        await using NpgsqlConnection owner = await pipeline.Database.Owner.OpenConnectionAsync();
        await using NpgsqlCommand explain = new(
            """
            set enable_seqscan = off;
            explain select * from receipts
            where tenant_id = '00000000-0000-0000-0000-000000000001' and recorded_at < now() - interval '30 days'
            order by recorded_at limit 1000
            """,
            owner);
        List<string> plan = [];
        await using NpgsqlDataReader reader = await explain.ExecuteReaderAsync();
        while (await reader.ReadAsync()) plan.Add(reader.GetString(0));
        Assert.Contains("ix_receipts_tenant_recorded", string.Join('\n', plan), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(7, 1_000, 1)]
    [InlineData(8, 1_000, 0)]
    [InlineData(1, 0, 2)]
    public void Options_OutOfRange_AreAllNamed(int days, int batch, int faults) => Assert.Equal(
        faults, new InboundDedupeOptions { Keep = TimeSpan.FromDays(days), Batch = batch }.Faults().Count());

    private static DateTimeOffset Recent => TimeProvider.System.GetUtcNow().AddHours(-1);

    private static PruneInboundDedupe Job(Pipeline pipeline, int batch) => new(
        pipeline.App, pipeline.Directory, new InboundDedupeOptions { Batch = batch },
        NullLogger<PruneInboundDedupe>.Instance);

    private static Task<long> PruneAsync(Pipeline pipeline, int batch = 1_000) =>
        Job(pipeline, batch).RunAsync(pipeline.Tenant.Id, default);

    /// <summary>As if everything on record had come so many days earlier.</summary>
    private static async Task AgeAsync(Pipeline pipeline, int days)
    {
        await pipeline.ExecuteAsync(
            """
            create table if not exists messages_old partition of messages default;
            update receipts set recorded_at = recorded_at - make_interval(days => @days),
                received_at = received_at - make_interval(days => @days);
            update messages set created_at = created_at - make_interval(days => @days);
            update deliveries set message_created_at = message_created_at - make_interval(days => @days);
            update turns set reply_created_at = reply_created_at - make_interval(days => @days);
            """,
            new { days });
    }

    private static Task<CustodyReport> BalanceAsync(Pipeline pipeline, DateTimeOffset since) =>
        new MessageLedger(pipeline.App).RunAsync(pipeline.Tenant.Id, since, default);

    private static (long, long, long, long, long, long) Figures(CustodyReport r) =>
        (r.Received, r.Replied, r.HandedOff, r.Ignored, r.Failed, r.Open);
}
