using System.Text.RegularExpressions;

namespace Vellarys.Storage;

/// <summary>
/// An index that the migrations make, as <c>schema.sql</c> has it; a test holds that file against the migrations.
/// </summary>
/// <param name="Definition">The statement that makes it again, without its semicolon.</param>
/// <param name="IsConstraint">A primary or unique key.</param>
/// <param name="IsPartitioned">Of a table in partitions: cannot be built beside running work.</param>
internal sealed partial record ExpectedIndex(
    string Name, string Table, string Definition, bool IsConstraint, bool IsPartitioned)
{
    /// <summary>
    /// Can be built while the product works. A unique one fails on rows that are double by then: it stays invalid, each
    /// check tries it again and says so, until a person has mended the rows.
    /// </summary>
    public bool CanBeBuiltConcurrently => !IsConstraint && !IsPartitioned;

    /// <summary>The statement that makes it again, beside running work where that is possible.</summary>
    public string Statement => CanBeBuiltConcurrently
        ? Definition.Replace("INDEX ", "INDEX CONCURRENTLY IF NOT EXISTS ", StringComparison.Ordinal)
        : Definition.Replace(" ON ONLY ", " ON ", StringComparison.Ordinal);

    /// <summary>All of them, from the embedded schema.</summary>
    public static IReadOnlyList<ExpectedIndex> All() => Read(EngineSql.Read("Storage.schema.sql"));

    internal static IReadOnlyList<ExpectedIndex> Read(string schema)
    {
        HashSet<string> partitioned =
            [.. PartitionedTable().Matches(schema).Select(m => m.Groups["table"].Value)];
        return
        [
            .. from match in Index().Matches(schema).Concat(Constraint().Matches(schema))
                let table = match.Groups["table"].Value
                orderby match.Groups["name"].Value
                select new ExpectedIndex(
                    match.Groups["name"].Value, table, Spaces().Replace(match.Groups["definition"].Value, " "),
                    match.Groups["key"].Success, partitioned.Contains(table)),
        ];
    }

    [GeneratedRegex(@"^(?<definition>CREATE (UNIQUE )?INDEX (?<name>\w+) ON (ONLY )?public\.(?<table>\w+) [^;]*);",
        RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex Index();

    [GeneratedRegex(
        @"^(?<definition>ALTER TABLE (ONLY )?public\.(?<table>\w+)\s+ADD CONSTRAINT (?<name>\w+) " +
        @"(?<key>PRIMARY KEY|UNIQUE) [^;]*);",
        RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex Constraint();

    [GeneratedRegex(@"^CREATE TABLE public\.(?<table>\w+) \((?:\r?\n[^)].*)*\r?\n\)\r?\nPARTITION BY",
        RegexOptions.NonBacktracking | RegexOptions.Multiline)]
    private static partial Regex PartitionedTable();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();
}
