using System.Reflection;
using System.Text.RegularExpressions;
using Vellarys.Conversations.OptOut;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Conversations.OptOut;

/// <summary>The search that saves most messages the patterns hides no wish from them.</summary>
public sealed class OptOutHintTests
{
    private const int Sentences = 1_000;

    [Theory]
    [InlineData("Word", nameof(OptOutPatterns.LeavesAlone))]
    [InlineData("WordBack", nameof(OptOutPatterns.ReturnsAlone))]
    [InlineData("Again", nameof(OptOutPatterns.Returns))]
    public void Hint_OfWhatThePatternTakes_IsThere(string pattern, string question)
    {
        var raw = (Regex)Find(pattern).Invoke(null, null)!;
        Func<string, bool> asked = Find(question).CreateDelegate<Func<string, bool>>();

        string[] taken = [.. Spread(raw.ToString()).Where(terms => raw.IsMatch(terms))];

        Assert.NotEmpty(taken);
        Assert.All(taken, terms => Assert.True(asked(terms), terms));
    }

    [Fact]
    public void Hint_OfEveryWish_IsThere()
    {
        var wishes = (Regex[])typeof(OptOutPatterns)
            .GetField("Wishes", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
        var hints = (System.Buffers.SearchValues<string>)typeof(OptOutPatterns)
            .GetField("Hints", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;

        foreach (Regex wish in wishes)
        {
            string[] taken = [.. Spread(wish.ToString()).Where(terms => wish.IsMatch(terms))];
            Assert.NotEmpty(taken);
            Assert.All(taken, terms => Assert.True(terms.AsSpan().ContainsAny(hints), terms));
        }
    }

    private static MethodInfo Find(string name) =>
        typeof(OptOutPatterns).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Static)!;

    private static IEnumerable<string> Spread(string pattern) =>
        Enumerable.Range(0, Sentences).Select(seed => new PatternWriter(pattern, seed).Write());
}
