using System.Text.RegularExpressions;
using Xunit;

namespace Vellarys.Tests.Architecture;

/// <summary>
/// One type a file, named like it. Records, enums, exceptions and JSON contexts may stand beside the type that they
/// are the words of; a closed union is one type.
/// </summary>
public sealed partial class TypeTests
{
    // Where it is otherwise, and why.
    private static readonly Dictionary<string, string> Otherwise = new()
    {
        ["Engine/Faults.cs"] = "two words that are only understood together",
        ["Engine/Accounts/Teams/ChangeMembers.cs"] = "one endpoint's two directions, a statement each",
        ["Engine/Accounts/Teams/SaveAgent.cs"] = "create and update write the same columns",
        ["Engine/Accounts/Teams/SaveTeam.cs"] = "three statements with one answer",
        ["Engine/Flows/Handoff/HandoffCommand.cs"] = "the cases of FlowCommand that a hand-off has",
        ["Engine/Flows/Kernel/StartFlow.cs"] = "to start and to signal is one insert each, into the same table",
    };

    [Fact]
    public void File_Types_AreOneNamedLikeIt() => Rule.Holds(
        from file in Files()
        where !Otherwise.ContainsKey(file.Path)
        from fault in Faults(file)
        select $"{file}: {fault}");

    [Fact]
    public void Otherwise_EachFile_IsSo()
    {
        Assert.True(Otherwise.Count <= 15, "Too many exceptions make no rule.");
        Rule.Holds(
            from path in Otherwise.Keys
            where !Files().Any(f => f.Path == path && Faults(f).Any())
            select $"{path} keeps the rule: take it off the list");
    }

    private static IEnumerable<SourceFile> Files() => Sources.CSharp("Engine");

    private static IEnumerable<string> Faults(SourceFile file)
    {
        string name = Path.GetFileNameWithoutExtension(file.Path).Split('.')[0];
        List<Match> types = Type().Matches(Sources.WithoutComments(file.Text)).ToList();
        if (!types.Any(t => t.Groups["name"].Value == name)) yield return $"no type {name}";
        foreach (Match type in types.Where(t => t.Groups["name"].Value != name && !MayStandBeside(t)))
            yield return $"{type.Groups["name"].Value} wants a file of its own";
    }

    private static bool MayStandBeside(Match type) =>
        type.Groups["kind"].Value.StartsWith("record", StringComparison.Ordinal)
        || type.Groups["kind"].Value == "enum"
        || Word().IsMatch(type.Groups["bases"].Value);

    [GeneratedRegex(
        @"^((public|internal|sealed|abstract|static|partial|readonly|ref) )*" +
        @"(?<kind>class|interface|enum|record struct|record|struct|delegate [\w<>?,. ]+?) (?<name>\w+)(?<bases>[^{;]*)",
        RegexOptions.Multiline)]
    private static partial Regex Type();

    [GeneratedRegex(@":\s*(JsonSerializerContext|(\w+\.)*\w*Exception)\b")]
    private static partial Regex Word();
}
