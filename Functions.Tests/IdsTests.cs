namespace Vellarys.Tests;

public sealed class IdsTests
{
    [Xunit.Fact]
    public void New_ManyInOneMillisecond_AreStrictlyIncreasing()
    {
        var ids = Enumerable.Range(0, 10_000).Select(_ => Ids.New(TimeProvider.System)).ToList();
        Xunit.Assert.Equal(ids.OrderBy(i => i.ToString(), StringComparer.Ordinal).Distinct(), ids);
        Xunit.Assert.All(ids, i => Xunit.Assert.Equal(7, i.Version));
    }
}
