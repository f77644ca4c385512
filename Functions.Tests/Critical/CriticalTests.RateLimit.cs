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
        for (int n = 1; n <= 10; n++)
        {
            await pipeline.ReceiveAsync(Ana, $"mensagem {n}");
            await pipeline.SettleAsync();
        }

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
    public async Task EleventhMessage_OfOneCustomerHoldsUpNobodyElse()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 0, ShowsTyping = false });
        for (int n = 1; n <= 15; n++) await pipeline.ReceiveAsync(Ana, $"mensagem {n}");
        await pipeline.ReceiveAsync("5511987650002", "bom dia");
        await pipeline.SettleAsync();

        Assert.Equal("5511987650002", Assert.Single(pipeline.Provider.Sends).To);
    }

    [Fact]
    public async Task BurstLongerThanTheCapWhileHeld_IsStillAnsweredOnce()
    {
        await using Pipeline pipeline = await Pipeline.StartAsync(
            new TenantSettings { QuietMs = 0, BurstCapMs = 5_000, ShowsTyping = false });
        for (int n = 1; n <= 11; n++) await pipeline.ReceiveAsync(Ana, $"mensagem {n}");
        await pipeline.SettleAsync();
        for (int n = 12; n <= 14; n++)
        {
            await pipeline.TravelAsync(TimeSpan.FromSeconds(10));
            await pipeline.ReceiveAsync(Ana, $"mensagem {n}");
            await pipeline.SettleAsync();
        }

        Assert.Empty(pipeline.Provider.Sends);
        await pipeline.TravelAsync(TimeSpan.FromSeconds(40));
        await pipeline.SettleAsync();
        Assert.Single(pipeline.Provider.Sends);
    }
}
