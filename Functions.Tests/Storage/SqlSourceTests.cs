using System.Text.RegularExpressions;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

public sealed partial class SqlSourceTests
{
    [Fact]
    public void Sql_InTheEngine_IsNeverInterpolated()
    {
        string[] files = Directory.GetFiles(Path.Combine(Repository.Root, "Engine"), "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.Empty(
            from file in files
            where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            from Match match in InterpolatedSql().Matches(File.ReadAllText(file))
            select $"{Path.GetRelativePath(Repository.Root, file)}: {match.Value}");
    }

    [Theory]
    [InlineData("$\"select {x} from t\"", true)]
    [InlineData("$\"\"\"\n    delete from t where id = {id}\n    \"\"\"", true)]
    [InlineData("$\"Update {table} set a = 1\"", true)]
    [InlineData("$\"insert into {table} values (1)\"", true)]
    [InlineData("$\"Nothing to select from {list}.\"", false)]
    [InlineData("\"select a from t where b = $1\"", false)]
    public void Pattern_OnExamples_FindsSqlOnly(string source, bool expected) =>
        Assert.Equal(expected, InterpolatedSql().IsMatch(source));

    [GeneratedRegex("""\$+@?"+\s*(select|insert|update|delete|with|call|create|alter|drop|set|notify|listen)\s[^"]*\{""",
        RegexOptions.IgnoreCase)]
    private static partial Regex InterpolatedSql();
}
