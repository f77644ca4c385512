using System.Text.RegularExpressions;

namespace Vellarys.Tests.Architecture;

/// <summary>
/// One file of a folder of the engine names another folder. Folders as in namespaces: <c>Flows.Kernel</c>.
/// </summary>
internal sealed partial record Arrow(string File, string From, string To)
{
    // A room of its own: conversations stand on it, and flows stand on conversations.
    private const string Kernel = "Flows.Kernel";

    // They put everything together, so they know everything.
    private static readonly HashSet<string> Compositions = ["Engine/Api/ApiEndpoints.cs", "Engine/Api/EngineSetup.cs"];

    private static IReadOnlyList<SourceFile> Files { get; } = [.. Sources.CSharp("Engine")];

    private static HashSet<string> Folders { get; } = [.. Files.Select(FolderOf).Where(f => f.Length > 0)];

    public string FromRoom => RoomOf(From);

    public string ToRoom => RoomOf(To);

    /// <summary>One lies within the other.</summary>
    public bool IsKin => From.StartsWith(To + '.', StringComparison.Ordinal)
        || To.StartsWith(From + '.', StringComparison.Ordinal);

    /// <summary>The folder below <c>Engine</c>; empty for a file of none.</summary>
    public static string FolderOf(SourceFile file) => string.Join('.', file.Path.Split('/')[1..^1]);

    public static IEnumerable<Arrow> All() =>
        from file in Files
        where !file.Path.EndsWith("Setup.cs", StringComparison.Ordinal) && !Compositions.Contains(file.Path)
        let folder = FolderOf(file)
        where folder.Length > 0
        from target in Named(file, folder).Distinct()
        where target != folder
        select new Arrow(file.Path, folder, target);

    /// <summary>Usings whose folder declares nothing that the file names.</summary>
    public static IEnumerable<string> Unneeded()
    {
        var declared = Files.GroupBy(FolderOf).ToDictionary(
            g => g.Key,
            g => g.SelectMany(f => Declared().Matches(f.Text)).Select(m => m.Groups["name"].Value).ToHashSet());
        return
            from file in Files
            let folder = FolderOf(file)
            let words = Word().Matches(Using().Replace(file.Text, "")).Select(m => m.Value).ToHashSet()
            from Match found in Using().Matches(file.Text)
            let target = found.Groups["folder"].Value
            where !declared.TryGetValue(target, out HashSet<string>? names)
                // A name of an enclosing namespace comes before one of a using.
                || !names.Except(Enclosing(folder).SelectMany(f => declared.GetValueOrDefault(f, [])))
                    .Any(words.Contains)
            select $"{file}: {found.Value}";
    }

    private static string RoomOf(string folder) =>
        folder == Kernel || folder.StartsWith(Kernel + '.', StringComparison.Ordinal) ? Kernel : folder.Split('.')[0];

    private static IEnumerable<string> Enclosing(string folder)
    {
        for (; folder.Contains('.', StringComparison.Ordinal); folder = folder[..folder.LastIndexOf('.')])
            yield return folder;
        yield return folder;
    }

    private static IEnumerable<string> Named(SourceFile file, string folder)
    {
        string code = NamespaceLine().Replace(Sources.WithoutComments(file.Text), "");
        foreach (Match full in Qualified().Matches(code))
        {
            if (Longest(full.Groups["name"].Value) is { } named) yield return named;
        }

        // Below a common namespace the rest of the name will do.
        string[] outer = [.. Enclosing(folder).Select(f => f + '.'), ""];
        foreach (Match part in Partly().Matches(code))
        {
            foreach (string prefix in outer)
            {
                if (Longest(prefix + part.Value) is not { } named || named.Length <= prefix.Length) continue;
                yield return named;
                break;
            }
        }
    }

    private static string? Longest(string name)
    {
        for (; !Folders.Contains(name); name = name[..name.LastIndexOf('.')])
        {
            if (!name.Contains('.', StringComparison.Ordinal)) return null;
        }

        return name;
    }

    [GeneratedRegex(@"^using Vellarys\.(?<folder>[\w.]+);\r?\n", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"^namespace .*$", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"(?<![\w.""])Vellarys\.(?<name>\w+(\.\w+)*)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?<![\w.""/?!)\]])[A-Z]\w+(\.[A-Z]\w+)+(?=[\s(<.;,)>])")]
    private static partial Regex Partly();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    // Types, and the methods of static classes, which may be extensions.
    [GeneratedRegex(
        @"\b(class|record struct|record|struct|interface|enum|delegate [\w<>?,. ]+) (?<name>\w+)" +
        @"|static [^=;{}()]*?\b(?<name>\w+)(<[^()]*>)?\(\s*this\b")]
    private static partial Regex Declared();
}

/// <summary>Finds what goes round.</summary>
internal static class Circle
{
    /// <summary>The names that lie on a circle, in order; none where there is none.</summary>
    public static IReadOnlyList<string> Among(IEnumerable<(string From, string To)> arrows)
    {
        ILookup<string, string> next = arrows.Distinct().ToLookup(a => a.From, a => a.To);
        return [.. next.Select(n => n.Key).Where(n => Reached(next, n).Contains(n)).Order(StringComparer.Ordinal)];
    }

    private static HashSet<string> Reached(ILookup<string, string> next, string from)
    {
        HashSet<string> reached = [];
        var open = new Stack<string>(next[from]);
        while (open.TryPop(out string? name))
        {
            if (!reached.Add(name)) continue;
            foreach (string more in next[name]) open.Push(more);
        }

        return reached;
    }
}
