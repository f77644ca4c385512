using System.Text.RegularExpressions;

namespace Vellarys.Tests.Architecture;

/// <summary>The repository's own files, as the tests of its rules read them.</summary>
internal static partial class Sources
{
    private static readonly HashSet<string> Skipped =
        [".git", ".data", ".artifacts", ".vs", ".idea", "bin", "obj", "TestResults", "node_modules"];

    private static readonly HashSet<string> NotSource =
        [".png", ".jpg", ".jpeg", ".ico", ".pdf", ".ogg", ".woff2", ".gz", ".log"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every text file that is not generated.</summary>
    public static IReadOnlyList<SourceFile> All { get; } =
        [.. Walk(Root).Where(f => !NotSource.Contains(Path.GetExtension(f))).Select(SourceFile.Load)];

    /// <summary>C# under one of the top folders.</summary>
    public static IEnumerable<SourceFile> CSharp(params string[] folders) =>
        All.Where(f => f.Path.EndsWith(".cs", StringComparison.Ordinal) && folders.Contains(f.Top));

    /// <summary>Without comments, so that a rule can be written about without being broken.</summary>
    public static string WithoutComments(string code) => Comment().Replace(code, "");

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "FunctionsApp.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests run outside the repository.");
    }

    private static IEnumerable<string> Walk(string folder) =>
        Directory.EnumerateFileSystemEntries(folder)
            .Where(entry => !Skipped.Contains(Path.GetFileName(entry)))
            .SelectMany(entry => Directory.Exists(entry) ? Walk(entry) : [entry]);

    [GeneratedRegex(@"(?<=^|\s)//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}

/// <summary>Says all that breaks a rule, not the first few.</summary>
internal static class Rule
{
    public static void Holds(IEnumerable<string> broken)
    {
        List<string> all = [.. broken];
        Xunit.Assert.True(all.Count == 0, string.Join('\n', all));
    }
}

/// <summary>One file.</summary>
/// <param name="Path">From the root, with slashes.</param>
internal sealed record SourceFile(string Path, string Text)
{
    public string[] Lines { get; } = Text.TrimEnd('\n').Split('\n');

    /// <summary>The top folder, or empty.</summary>
    public string Top => Path.Contains('/', StringComparison.Ordinal) ? Path.Split('/')[0] : "";

    /// <summary>The folder below the top one, or empty: the slice of a file of the engine.</summary>
    public string Slice => Path.Split('/') is [_, var slice, _, ..] ? slice : "";

    public override string ToString() => Path;

    public static SourceFile Load(string file) => new(
        System.IO.Path.GetRelativePath(Sources.Root, file).Replace('\\', '/'), File.ReadAllText(file));
}
