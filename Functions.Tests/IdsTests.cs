namespace Vellarys.Tests;

public sealed class IdsTests
{
    [Xunit.Fact]
    public void TimeOf_AKey_IsWhenItWasMade()
    {
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        Guid id = Ids.New(TimeProvider.System);
        Xunit.Assert.InRange((Ids.TimeOf(id) - before).TotalSeconds, -0.01, 5);
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
}
