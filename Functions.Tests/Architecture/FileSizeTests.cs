using Xunit;
using Xunit.Abstractions;

namespace Vellarys.Tests.Architecture;

/// <summary>Small files: one idea each.</summary>
public sealed class FileSizeTests(ITestOutputHelper output)
{
    private static readonly string[] Code = [".cs", ".sql", ".js", ".css", ".html", ".sh"];

    private static IEnumerable<SourceFile> Production => All().Where(f => f.Top != "Functions.Tests");

    private static IEnumerable<SourceFile> Tests => All().Where(f => f.Top == "Functions.Tests");

    [Fact]
    public void ProductionFile_Length_IsAtMost400Lines() =>
        Rule.Holds(Production.Where(f => f.Lines.Length > 400).Select(f => $"{f}: {f.Lines.Length}"));

    [Fact]
    public void TestFile_Length_IsAtMost600Lines() =>
        Rule.Holds(Tests.Where(f => f.Lines.Length > 600).Select(f => $"{f}: {f.Lines.Length}"));

    [Fact]
    public void ProductionFiles_NineteenOfTwenty_AreUnder250Lines()
    {
        int[] lengths = [.. Production.Select(f => f.Lines.Length).Order()];
        int percentile = lengths[(int)Math.Ceiling(lengths.Length * 0.95) - 1];
        output.WriteLine($"{lengths.Length} files, median {lengths[lengths.Length / 2]}, 95th percentile {percentile}");
        Assert.True(percentile < 250, $"The 95th percentile is {percentile} lines.");
    }

    [Fact]
    public void Line_Length_IsAtMost120() => Rule.Holds(
        from file in All()
        from line in file.Lines.Select((text, index) => (text.Length, Number: index + 1))
        where line.Length > 120
        select $"{file}:{line.Number}: {line.Length}");

    // A second idea wants a folder of its own. Migrations are a sequence, and only grow.
    [Fact]
    public void Folder_OfTheEngine_HasAtMost25Files() => Rule.Holds(
        from file in Sources.All
        where file.Top == "Engine"
        group file by Path.GetDirectoryName(file.Path)! into folder
        where folder.Key.Replace('\\', '/') != "Engine/Storage/Migrations" && folder.Count() > 25
        select $"{folder.Key}: {folder.Count()} files");

    // schema.sql is a dump, compared with the database by another test.
    private static IEnumerable<SourceFile> All() => Sources.All.Where(f =>
        f.Path != "Engine/Storage/schema.sql" &&
        (Code.Contains(Path.GetExtension(f.Path)) || f.Path is "run" or "test"));
}
