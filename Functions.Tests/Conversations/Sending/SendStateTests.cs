using Vellarys.Conversations.Sending;
using Vellarys.Tests.Architecture;
using Xunit;

namespace Vellarys.Tests.Conversations.Sending;

public sealed class SendStateTests
{
    [Fact]
    public void Stored_EachState_IsReadBackAndAllowedByTheTable()
    {
        string schema = Sources.All.Single(f => f.Path == "Engine/Storage/schema.sql").Text;
        string check = schema.Split('\n').Single(
            line => line.Contains("CONSTRAINT deliveries_state_check", StringComparison.Ordinal));

        Assert.All(Enum.GetValues<SendState>(), state =>
        {
            Assert.Equal(state, SendStates.Read(state.Stored()));
            Assert.Contains($"'{state.Stored()}'", check, StringComparison.Ordinal);
        });
        Assert.Equal(Enum.GetValues<SendState>().Length, check.Split("'::text").Length - 1);
    }
}
