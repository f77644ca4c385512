using System.Text.RegularExpressions;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Architecture;

/// <summary>Every regular expression of the product has an end: <see cref="Patterns"/> says why and how.</summary>
public sealed partial class PatternRuleTests
{
    private static readonly string[] Product = ["Engine", "Standalone", "Functions"];

    [Fact]
    public void Pattern_OfTheProduct_IsNonBacktrackingOrUnderATimeLimit() => Rule.Holds(
        from found in ProductPatterns.All
        where !found.Pattern.Options.HasFlag(RegexOptions.NonBacktracking)
            && found.Pattern.MatchTimeout != TimeSpan.FromMilliseconds(Patterns.LimitMs)
        select $"{found.Name} may run without end");

    [Fact]
    public void Source_OfAPattern_SaysHowItEnds() => Rule.Holds(
        from file in Sources.CSharp(Product)
        let code = Sources.WithoutComments(file.Text)
        from attribute in Attribute().Matches(code).Select(m => m.Value)
        where !attribute.Contains("NonBacktracking", StringComparison.Ordinal)
            && !attribute.Contains("Patterns.LimitMs", StringComparison.Ordinal)
            && !(attribute.Contains(" Options", StringComparison.Ordinal) && NonBacktrackingOptions().IsMatch(code))
        select $"{file}: {attribute}");

    [Fact]
    public void Source_AnyFile_MakesItsPatternsWhereTheyAreChecked() => Rule.Holds(
        from file in Sources.CSharp(Product)
        from made in MadeElsewhere().Matches(Sources.WithoutComments(file.Text)).Select(m => m.Value)
        select $"{file}: {made} instead of a [GeneratedRegex]");

    [Theory]
    [InlineData("Standalone/Program.cs")]
    [InlineData("Functions/Program.cs")]
    public void Host_BeforeAnythingElse_LimitsThePatternsOfLibrariesToo(string program) => Assert.Equal(
        "Patterns.LimitAll();",
        Sources.All.Single(f => f.Path == program).Lines
            .First(line => line.Length > 0 && !line.StartsWith("using ", StringComparison.Ordinal)));

    [GeneratedRegex(@"\[GeneratedRegex\(.*?\)\](?=\s+(private|public|internal))", RegexOptions.Singleline)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"RegexOptions Options\s*=[^;]*RegexOptions\.NonBacktracking")]
    private static partial Regex NonBacktrackingOptions();

    [GeneratedRegex(@"new Regex\(|\bRegex\.(IsMatch|Match|Matches|Replace|Split|Count|EnumerateMatches)\(")]
    private static partial Regex MadeElsewhere();
}
