using System.Text.RegularExpressions;
using Xunit;

namespace Vellarys.Tests.Architecture;

/// <summary>What the documents point at exists.</summary>
public sealed partial class DocumentTests
{
    private static IEnumerable<SourceFile> Documents =>
        Sources.All.Where(f => f.Path is "README.md" || f.Path.StartsWith("docs/", StringComparison.Ordinal));

    [Fact]
    public void Documents_FilesNamed_Exist() => Rule.Holds(
        from document in Documents
        from Match name in FileName().Matches(document.Text)
        let path = name.Groups["path"].Value
        where !Sources.All.Any(f => f.Path == path || f.Path.EndsWith('/' + path, StringComparison.Ordinal))
        select $"{document}: {path}");

    [Fact]
    public void Documents_FoldersNamed_Exist()
    {
        HashSet<string> folders = [.. Sources.All.SelectMany(f => FoldersOf(f.Path))];
        Rule.Holds(
            from document in Documents
            from Match name in FolderName().Matches(document.Text)
            let path = name.Groups["path"].Value
            where !folders.Contains(path) && !folders.Any(f => f.EndsWith('/' + path, StringComparison.Ordinal))
            select $"{document}: {path}");
    }

    [Fact]
    public void Decisions_Numbers_HaveNoGapAndStandInTheirTitles()
    {
        SourceFile[] decisions =
        [
            .. Sources.All.Where(f => f.Path.StartsWith("docs/decisions/", StringComparison.Ordinal))
                .OrderBy(f => f.Path, StringComparer.Ordinal),
        ];
        Assert.Equal(
            Enumerable.Range(1, decisions.Length).Select(n => $"{n:0000} # {n}."),
            decisions.Select(d => $"{Path.GetFileName(d.Path)[..4]} {TitleNumber().Match(d.Lines[0]).Value}"));
    }

    [Fact]
    public void Decisions_Each_IsNamedByAnotherDocument() => Rule.Holds(
        from decision in Sources.All
        where decision.Path.StartsWith("docs/decisions/", StringComparison.Ordinal)
        where !Documents.Any(d => d != decision
            && d.Text.Contains(Path.GetFileName(decision.Path), StringComparison.Ordinal))
        select $"{decision} is pointed at by no document");

    [Fact]
    public void Documents_Links_LeadSomewhere() => Rule.Holds(
        from document in Documents
        from Match link in Link().Matches(document.Text)
        let folder = Path.GetDirectoryName(Path.Combine(Sources.Root, document.Path))!
        let target = Path.Combine(folder, link.Groups["path"].Value)
        where !File.Exists(target) && !Directory.Exists(target)
        select $"{document}: {link.Groups["path"].Value}");

    private static IEnumerable<string> FoldersOf(string path) =>
        from match in Regex.Matches(path, "/")
        select path[..(match.Index + 1)];

    // Folders that only a run makes begin with a dot.
    [GeneratedRegex(@"`(?<path>\w[\w./-]*/)`")]
    private static partial Regex FolderName();

    [GeneratedRegex(@"^# \d+\.")]
    private static partial Regex TitleNumber();

    [GeneratedRegex(@"`(?<path>[\w./-]+\.(cs|sql|sh|json|md|csproj|txt))`")]
    private static partial Regex FileName();

    [GeneratedRegex(@"\]\((?<path>(?!https?:)[^)#]+)")]
    private static partial Regex Link();
}
