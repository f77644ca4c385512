using System.Reflection;
using System.Text.RegularExpressions;
using Vellarys.Storage;
using Xunit;

namespace Vellarys.Tests.Architecture;

/// <summary>
/// Parameters have positions, not names, so that a set costs no names on the wire: what the compiler and the database
/// cannot see is seen here.
/// </summary>
public sealed partial class StatementTests
{
    // Where the parameters cannot be counted by their calls, and why.
    private static readonly Dictionary<string, string> Uncounted = new()
    {
        ["Engine/Accounts/Teams/SaveAgent.cs"] = "one With writes all that an agent's input has",
    };

    private static IReadOnlyList<Statement> Statements { get; } =
        [.. Statement.All().Where(s => !Uncounted.ContainsKey(s.File))];

    [Fact]
    public void Statement_Parameters_AreAsManyAsItsCommandGives() => Rule.Holds(
        from statement in Statements
        where !statement.Asked.SequenceEqual(Enumerable.Range(1, statement.Given.Count))
        select $"{statement} asks for {string.Join(' ', statement.Asked)}, is given {statement.Given.Count}");

    [Fact]
    public void Set_Columns_AreAsManyAsItsParameters() => Rule.Holds(
        from statement in Statements
        from set in statement.Sets
        where set.Numbers.Length != set.Columns.Length
        select $"{statement}: {set.Numbers.Length} parameters as ({string.Join(", ", set.Columns)})");

    [Fact]
    public void Set_Column_TakesNoOtherColumnsMember() => Rule.Holds(
        from statement in Statements
        from set in statement.Sets
        from column in set.Numbers.Zip(set.Columns, (number, name) => (Number: number, Name: name))
        where column.Number <= statement.Given.Count
        let member = statement.Given[column.Number - 1].Member
        where member is not null && Bare(member) != Bare(column.Name)
            && set.Columns.Any(other => Bare(other) == Bare(member))
        select $"{statement}: ${column.Number} is {column.Name}, and is given {member}");

    // The hot path: were it written so that the tests above no longer understood it, they would say nothing.
    [Theory]
    [InlineData("record-messages.sql")]
    [InlineData("record-contacts.sql")]
    [InlineData("answer-commit.sql")]
    [InlineData("deliver-claim.sql")]
    [InlineData("deliver-settle.sql")]
    public void HotStatement_Set_IsUnderstood(string file)
    {
        Statement statement = Assert.Single(
            Statements, s => s.Name.StartsWith(file, StringComparison.Ordinal));
        Assert.NotEmpty(statement.Sets);
        Assert.Contains(statement.Given, g => g.Member is not null);
    }

    [Fact]
    public void EmbeddedSql_NamedByItsClass_IsThere()
    {
        Assembly engine = typeof(EngineSql).Assembly;
        HashSet<string> resources = [.. engine.GetManifestResourceNames()];
        ILookup<string, Type> types = engine.GetTypes().ToLookup(t => t.Name);
        Rule.Holds(
            from file in Sources.CSharp("Engine")
            from Match read in Read().Matches(Sources.WithoutComments(file.Text))
            let name = read.Groups["file"].Value
            let type = read.Groups["type"].Value
            let found = type.Length == 0
                ? resources.Contains($"Vellarys.{name}")
                : types[type].Any(t => resources.Contains($"{t.Namespace}.{name}"))
            where !found
            select $"{file}: {read.Value}");
    }

    // tenant_id is Tenant, and kind2 the second Kind.
    private static string Bare(string name) =>
        Ending().Replace(name, "").Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    [GeneratedRegex(@"(_id|(?<=[a-z])Id)?\d*$")]
    private static partial Regex Ending();

    [GeneratedRegex(@"EngineSql\.(Of<(?<type>\w+)>|Read)\(""(?<file>[^""]+)""\)")]
    private static partial Regex Read();
}
