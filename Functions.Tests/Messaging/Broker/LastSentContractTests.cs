using Vellarys.Messaging.Broker;
using Xunit;

namespace Vellarys.Tests.Messaging.Broker;

/// <summary>What every <see cref="ILastSent"/> promises, wherever it keeps what was sent.</summary>
public abstract class LastSentContractTests
{
    private readonly Guid _key = Ids.New(TimeProvider.System);

    private protected abstract ILastSent LastSent { get; }

    [Fact]
    public async Task Read_KeyThatNothingWasSentOf_IsEmpty() =>
        Assert.Empty(await LastSent.ReadAsync(_key, default));

    [Fact]
    public async Task Add_InSeveralCalls_AreReadBackWholeAndNewestFirst()
    {
        ILastSent last = LastSent;
        await last.AddAsync(_key, [Message(1), Message(2)], default);
        await last.AddAsync(Ids.New(TimeProvider.System), [Message(7)], default);
        await last.AddAsync(_key, [Message(3)], default);

        Assert.Equal([Message(3), Message(2), Message(1)], await last.ReadAsync(_key, default));
    }

    [Fact]
    public async Task Add_MoreThanAreKept_LeavesTheNewest()
    {
        ILastSent last = LastSent;
        for (int n = 1; n <= 50; n++) await last.AddAsync(_key, [Message(n)], default);

        Assert.Equal(
            Enumerable.Range(0, SentMessages.Kept).Select(n => Message(50 - n)), await last.ReadAsync(_key, default));
    }

    [Fact]
    public async Task Add_OneThatIsKnown_LeavesItWhereItIs()
    {
        ILastSent last = LastSent;
        await last.AddAsync(_key, [Message(1), Message(2)], default);
        await last.AddAsync(_key, [Message(1) with { Follows = "2", At = Message(9).At }], default);

        Assert.Equal([Message(2), Message(1)], await last.ReadAsync(_key, default));
    }

    private static SentMessage Message(int n) =>
        new($"{n}", n == 1 ? null : $"{n - 1}", DateTimeOffset.UnixEpoch.AddMinutes(n));
}
