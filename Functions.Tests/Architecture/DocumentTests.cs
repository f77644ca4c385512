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
    public void Documents_Links_LeadSomewhere() => Rule.Holds(
        from document in Documents
        from Match link in Link().Matches(document.Text)
        let folder = Path.GetDirectoryName(Path.Combine(Sources.Root, document.Path))!
        let target = Path.Combine(folder, link.Groups["path"].Value)
        where !File.Exists(target) && !Directory.Exists(target)
        select $"{document}: {link.Groups["path"].Value}");

    [GeneratedRegex(@"`(?<path>[\w./-]+\.(cs|sql|sh|json|md|csproj|txt))`")]
    private static partial Regex FileName();

    [GeneratedRegex(@"\]\((?<path>(?!https?:)[^)#]+)")]
    private static partial Regex Link();
}
