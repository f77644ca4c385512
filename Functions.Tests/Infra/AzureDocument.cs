using Vellarys.Tests.Architecture;

namespace Vellarys.Tests.Infra;

/// <summary><c>docs/azure.md</c>, by its headings.</summary>
internal static class AzureDocument
{
    private static readonly SourceFile File = Sources.All.Single(f => f.Path == "docs/azure.md");

    /// <summary>The cells of the first table under a heading, without its head.</summary>
    public static IEnumerable<string[]> Rows(string heading) => File.Lines
        .SkipWhile(line => line != $"## {heading}").Skip(1)
        .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        .SkipWhile(line => !line.StartsWith("|--", StringComparison.Ordinal)).Skip(1)
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));
}
