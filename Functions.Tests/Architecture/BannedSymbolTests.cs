using System.Text.RegularExpressions;
using Xunit;

namespace Vellarys.Tests.Architecture;

/// <summary>
/// <c>BannedSymbols.txt</c> by text: the analyzer that reads it is not on every package feed.
/// </summary>
public sealed partial class BannedSymbolTests
{
    private static readonly string[] Folders = ["Engine", "Standalone", "Benchmarks", "Functions.Tests"];

    [Fact]
    public void Code_BannedSymbols_AreNotUsed() => Rule.Holds(
        from file in Sources.CSharp(Folders)
        where file.Path != "Functions.Tests/Architecture/BannedSymbolTests.cs"
        let code = Sources.WithoutComments(file.Text)
        from symbol in Symbols()
        where symbol.IsUsedIn(code)
        select $"{file}: {symbol.Name}: {symbol.Advice}");

    [Theory]
    [InlineData("await Task.Delay(5);", true)]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(Max(1, 2)), token);", true)]
    [InlineData("await Task.Delay(delay, time);", false)]
    [InlineData("await Task.Delay(TimeSpan.FromSeconds(Max(1, 2)), _timeProvider, token);", false)]
    [InlineData("DateTime.UtcNow.AddDays(1)", true)]
    [InlineData("time.GetUtcNow()", false)]
    public void Symbol_InCode_IsFoundWhereItIsBanned(string code, bool banned) =>
        Assert.Equal(banned, Symbols().Any(s => s.IsUsedIn(code)));

    private static IEnumerable<Symbol> Symbols() =>
        from line in Sources.All.Single(f => f.Path == "BannedSymbols.txt").Lines
        let parts = Entry().Match(line)
        select new Symbol(parts.Groups["name"].Value, parts.Groups["args"].Value, parts.Groups["advice"].Value);

    [GeneratedRegex(@"^[PM]:[\w.]*?(?<name>\w+\.\w+)(\((?<args>[^)]*)\))?;(?<advice>.*)$")]
    private static partial Regex Entry();

    private sealed record Symbol(string Name, string Args, string Advice)
    {
        public bool IsUsedIn(string code) =>
            Regex.Matches(code, $@"\b{Regex.Escape(Name)}\b")
                .Any(m => Args == "" || IsThisOverload(code[(m.Index + m.Length)..]));

        // The overloads that are not banned take a clock.
        private bool IsThisOverload(string call)
        {
            List<string> given = Arguments(call);
            return given.Count == Args.Split(',').Length && !given.Skip(1).Any(a => Clock().IsMatch(a));
        }

        private static List<string> Arguments(string call)
        {
            List<string> found = [""];
            int depth = 0;
            foreach (char c in call)
            {
                depth += c is '(' ? 1 : c is ')' ? -1 : 0;
                if (depth == 0) break;
                if (c == ',' && depth == 1) found.Add("");
                else found[^1] += c;
            }

            return found;
        }
    }

    [GeneratedRegex(@"^\s*_?(\w+\.)*(time|clock|timeProvider|TimeProvider\.System)\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Clock();
}
