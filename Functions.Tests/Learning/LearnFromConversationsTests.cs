using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Vellarys.Learning;
using Vellarys.Tests.Conversations;
using Xunit;

namespace Vellarys.Tests.Learning;

/// <summary>The job is there and pretends nothing.</summary>
public sealed class LearnFromConversationsTests
{
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Run_SaysOnlyWhereItIsOn_ThatThereIsNothing(bool isOn, int lines)
    {
        LineLogger<LearnFromConversations> said = new();

        await new LearnFromConversations(new LearningOptions { IsOn = isOn }, said).RunAsync(default);

        Assert.Equal(lines, said.Lines.Count);
        Assert.All(said.Lines, l => Assert.StartsWith("Nothing to learn from yet", l.Line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1000000001")]
    public void Budget_ThatIsNone_IsRefusedByItsName(string tokens)
    {
        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(
            () => LearningOptions.Read(Configuration(tokens)));
        Assert.StartsWith("Learning:TokensPerDay", Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Budget_OfNothing_IsTaken() => Assert.Equal(0, LearningOptions.Read(Configuration("0")).TokensPerDay);

    private static IConfiguration Configuration(string tokens) => new ConfigurationBuilder().AddInMemoryCollection(
        [KeyValuePair.Create("Learning:TokensPerDay", (string?)tokens)]).Build();
}
