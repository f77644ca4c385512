using Vellarys.Accounts.Platform;
using Xunit;

namespace Vellarys.Tests.Accounts.Platform;

public sealed class PlanStandingTests
{
    [Theory]
    [InlineData(79, 100L, "", "")]
    [InlineData(80, 100L, "", "messages:80:100")]
    [InlineData(100, 100L, "messages", "messages:100:100")]
    [InlineData(250, 100L, "messages", "messages:100:100")]
    [InlineData(0, 0L, "messages", "messages:100:0")]
    [InlineData(1_000_000, null, "", "")]
    [InlineData(long.MaxValue / 200, long.MaxValue, "", "")]
    public void Amount_OfWhatThePlanAllows_HasItsMark(long used, long? limit, string reached, string mark)
    {
        PlanStanding standing = new() { Messages = used, MessagesLimit = limit };
        Assert.Equal(reached, string.Join(',', standing.Reached));
        Assert.Equal(mark, string.Join(',', standing.Marks.Select(m => m.Key)));
        Assert.Empty((standing with { Told = [mark] }).Marks);
    }
}
