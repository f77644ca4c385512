namespace Vellarys.Tests;

public sealed class IdsTests
{
    [Xunit.Fact]
    public void TimeOf_AKey_IsWhenItWasMade()
    {
        var made = new DateTimeOffset(2026, 11, 21, 12, 34, 56, 789, TimeSpan.Zero);
        Xunit.Assert.Equal(made, Ids.TimeOf(Guid.CreateVersion7(made)));
        // What is no key of ours names any time, and breaks nothing.
        Ids.TimeOf(Guid.Empty);
        Ids.TimeOf(Guid.AllBitsSet);
    }

    [Xunit.Fact]
    public void New_ManyInOneMillisecond_AreStrictlyIncreasing()
    {
        var ids = Enumerable.Range(0, 10_000).Select(_ => Ids.New(TimeProvider.System)).ToList();
        Xunit.Assert.Equal(ids.OrderBy(i => i.ToString(), StringComparer.Ordinal).Distinct(), ids);
        Xunit.Assert.All(ids, i => Xunit.Assert.Equal(7, i.Version));
    }

    [Xunit.Fact]
    public void New_AnotherClockIsAhead_ComesFromItsOwn()
    {
        Conversations.ShiftedTime ahead = new() { Ahead = TimeSpan.FromDays(9) };
        DateTimeOffset later = Ids.TimeOf(Ids.New(ahead));
        Xunit.Assert.InRange(Ids.TimeOf(Ids.New(TimeProvider.System)), later.AddDays(-10), later.AddDays(-8));
    }
}
