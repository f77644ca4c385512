using Vellarys.Accounts;
using Vellarys.Tests.Conversations;
using Xunit;

namespace Vellarys.Tests.Critical;

/// <summary>
/// Ten messages a minute are answered; the eleventh is kept, waits for the next minute and is answered once.
/// </summary>
public sealed class CriticalTest1_RateLimitBlocks
{
    private const string Ana = "5511987650001";

    [Fact]
    public async Task EleventhMessageInAMinute_IsKeptAndAnsweredOnceAfterIt()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 0, ShowsTyping = false });
        await UseUpAsync(pipeline);
        Assert.Equal(10, pipeline.Provider.Sends.Count);
        for (int n = 11; n <= 14; n++)
        {
            await pipeline.ReceiveAsync(Ana, $"mensagem {n}");
            await pipeline.SettleAsync();
        }

        Assert.Equal(10, pipeline.Provider.Sends.Count);
        Assert.Equal(14, await pipeline.ScalarAsync<long>("select count(*) from messages where role = 'cliente'"));

        await pipeline.TravelAsync(TimeSpan.FromSeconds(70));
        await pipeline.SettleAsync();
        Assert.Equal(11, pipeline.Provider.Sends.Count);
        Assert.Equal(
            Enumerable.Range(11, 4).Select(n => $"mensagem {n}"),
            pipeline.Assistant.Asked.Last().History.Where(l => l.Unanswered).Select(l => l.Text));
        Assert.Equal(14, await pipeline.ScalarAsync<long>("select sum(to_turn - from_turn + 1) from turns"));
    }

    [Fact]
    public async Task HeldMessages_OfOneCustomerHoldUpNobodyElse()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 0, ShowsTyping = false });
        await UseUpAsync(pipeline);
        for (int n = 11; n <= 15; n++) await pipeline.ReceiveAsync(Ana, $"mensagem {n}");
        await pipeline.ReceiveAsync("5511987650002", "bom dia");
        await pipeline.SettleAsync();

        Assert.Equal("5511987650002", Assert.Single(pipeline.Provider.Sends.Skip(10)).To);
    }

    /// <summary>A burst costs one answer, however many messages it comes in, and counts once it is answered.</summary>
    [Fact]
    public async Task TwentyMessagesAtOnce_AreAnsweredAtOnce_AndTheNextWaits()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 0, ShowsTyping = false });
        for (int n = 1; n <= 20; n++) await pipeline.ReceiveAsync(Ana, $"mensagem {n}");
        await pipeline.SettleAsync();
        Assert.Single(pipeline.Provider.Sends);
        Assert.Equal(20, Assert.Single(pipeline.Assistant.Asked).History.Count(l => l.Unanswered));

        await pipeline.ReceiveAsync(Ana, "mensagem 21");
        await pipeline.SettleAsync();
        Assert.Single(pipeline.Provider.Sends);
        await pipeline.TravelAsync(TimeSpan.FromSeconds(70));
        await pipeline.SettleAsync();
        Assert.Equal(2, pipeline.Provider.Sends.Count);
    }

    [Fact]
    public async Task BurstLongerThanTheCapWhileHeld_IsStillAnsweredOnce()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 0, BurstCapMs = 5_000, ShowsTyping = false });
        await UseUpAsync(pipeline);
        await pipeline.ReceiveAsync(Ana, "mensagem 11");
        await pipeline.SettleAsync();
        for (int n = 12; n <= 14; n++)
        {
            await pipeline.TravelAsync(TimeSpan.FromSeconds(10));
            await pipeline.ReceiveAsync(Ana, $"mensagem {n}");
            await pipeline.SettleAsync();
        }

        Assert.Equal(10, pipeline.Provider.Sends.Count);
        await pipeline.TravelAsync(TimeSpan.FromSeconds(40));
        await pipeline.SettleAsync();
        Assert.Equal(11, pipeline.Provider.Sends.Count);
    }

    private static async Task UseUpAsync(Pipeline pipeline)
    {
        for (int n = 1; n <= 10; n++)
        {
            await pipeline.ReceiveAsync(Ana, $"mensagem {n}");
            await pipeline.SettleAsync();
        }
    }
}
