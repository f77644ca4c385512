using Vellarys.Assistant.Guard;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Assistant;

/// <summary>The search that saves most texts the patterns hides no attack from them.</summary>
public sealed class AttackRuleTests
{
    private const int Texts = 400;

    public static TheoryData<int> Rules => [.. Enumerable.Range(0, AttackRules.All.Length)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Needs_OfWhatThePatternTakes_AreThere(int index)
    {
        AttackRule rule = AttackRules.All[index];
        if (rule.Needs is not { } needs) return;

        string[] taken =
        [
            .. Enumerable.Range(0, Texts).Select(seed => new PatternWriter(rule.Pattern.ToString(), seed).Write())
                .Where(text => rule.Pattern.IsMatch(text)),
        ];

        Assert.NotEmpty(taken);
        Assert.All(taken, text => Assert.True(text.AsSpan().ContainsAny(needs), text));
    }
}
