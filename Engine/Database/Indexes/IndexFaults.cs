using System.Text.RegularExpressions;
using Vellarys.Storage;

namespace Vellarys.Database.Indexes;

/// <summary>What is wrong with the indexes, and what mends it.</summary>
internal static partial class IndexFaults
{
    public static IReadOnlyList<IndexFault> Of(
        IReadOnlyList<ExpectedIndex> expected, IReadOnlyList<IndexState> present)
    {
        HashSet<string> names = [.. present.Select(p => p.Name)];
        HashSet<string> partitioned = [.. expected.Where(e => e.IsPartitioned).Select(e => e.Name)];
        HashSet<string> own = [.. expected.Select(e => e.Name)];
        own.UnionWith(present.Where(p => p.Parent is { } parent && partitioned.Contains(parent)).Select(p => p.Name));
        return
        [
            // Leftovers first: a rebuild would leave another beside them.
            .. from index in present
                where !index.IsSound && !index.IsBusy
                let isLeftover = !own.Contains(index.Name) && own.Contains(Leftover().Replace(index.Name, ""))
                orderby !isLeftover
                select isLeftover
                    ? new IndexFault(index.Name, index.Table, "leftover",
                        $"DROP INDEX CONCURRENTLY public.{Quoted(index.Name)}", true)
                    : Invalid(index, partitioned.Contains(index.Name), own.Contains(index.Name)),
            .. from index in expected
                where !names.Contains(index.Name)
                select new IndexFault(
                    index.Name, index.Table, "missing", index.Statement, index.CanBeBuiltConcurrently),
        ];
    }

    // One over partitions is invalid while a partition lacks its own: building those needs a person. So does one that
    // is not the product's: whoever made it may be at work on it.
    private static IndexFault Invalid(IndexState index, bool isPartitioned, bool isOwn) => isPartitioned
        ? new(index.Name, index.Table, "invalid", $"REINDEX TABLE public.{Quoted(index.Table)}", false)
        : new(index.Name, index.Table, "invalid", $"REINDEX INDEX CONCURRENTLY public.{Quoted(index.Name)}", isOwn);

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // What REINDEX CONCURRENTLY leaves behind when it breaks off.
    [GeneratedRegex(@"_cc(new|old)\d*$", RegexOptions.NonBacktracking)]
    private static partial Regex Leftover();
}
