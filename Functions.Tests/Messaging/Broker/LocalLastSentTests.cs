using Vellarys.Messaging.Broker;
using Vellarys.Tests.Assistant;
using Xunit;

namespace Vellarys.Tests.Messaging.Broker;

/// <summary>What one instance remembers of what it sent: for long enough, and not without end.</summary>
public sealed class LocalLastSentTests : LastSentContractTests
{
    private readonly ManualTime _time = new();

    private protected override ILastSent LastSent => new LocalLastSent(_time);

    [Fact]
    public async Task Read_WithinTheWindow_IsKnownAndLongAfterItIsNot()
    {
        LocalLastSent last = new(_time);
        Guid key = Ids.New(TimeProvider.System);
        await SendAsync(last, key, 1);

        _time.Advance(SentMessages.Window - TimeSpan.FromSeconds(1));
        Assert.Single(await last.ReadAsync(key, default));
        _time.Advance(2 * SentMessages.Window);
        Assert.Empty(await last.ReadAsync(key, default));
        Assert.Equal(0, last.Count);
    }

    [Fact]
    public async Task Add_MoreKeysThanItHolds_ForgetsTheOldestOnes()
    {
        LocalLastSent last = new(_time);
        Guid[] keys = [.. Enumerable.Range(0, 3 * LocalLastSent.MostKeys).Select(_ => Ids.New(TimeProvider.System))];
        foreach (Guid key in keys)
        {
            await SendAsync(last, key, 1);
            Assert.InRange(last.Count, 1, LocalLastSent.MostKeys);
        }

        Assert.Empty(await last.ReadAsync(keys[0], default));
        foreach (Guid key in keys[^(LocalLastSent.MostKeys / 2)..]) Assert.Single(await last.ReadAsync(key, default));
    }

    private ValueTask SendAsync(LocalLastSent last, Guid key, int n) =>
        last.AddAsync(key, [new SentMessage($"{n}", null, _time.GetUtcNow().AddSeconds(n))], default);
}
