using System.Text.RegularExpressions;
using Vellarys.Storage;

namespace Vellarys.Operations.Indexes;

/// <summary>What is wrong with the indexes, and what mends it.</summary>
internal static partial class IndexFaults
{
    public static IReadOnlyList<IndexFault> Of(
        IReadOnlyList<ExpectedIndex> expected, IReadOnlyList<IndexState> present)
    {
        HashSet<string> names = [.. present.Select(p => p.Name)];
        HashSet<string> partitioned = [.. expected.Where(e => e.IsPartitioned).Select(e => e.Name)];
        return
        [
            // Leftovers first: a rebuild would leave another beside them.
            .. from index in present
                where !index.IsSound && !index.IsBusy
                let isLeftover = Leftover().IsMatch(index.Name)
                orderby !isLeftover
                select isLeftover
                    ? new IndexFault(index.Name, index.Table, "leftover",
                        $"DROP INDEX CONCURRENTLY public.{index.Name}", true)
                    : Invalid(index, partitioned.Contains(index.Name)),
            .. from index in expected
                where !names.Contains(index.Name)
                select new IndexFault(
                    index.Name, index.Table, "missing", index.Statement, index.CanBeBuiltConcurrently),
        ];
    }

    // One over partitions is invalid while a partition lacks its own: building those needs a person.
    private static IndexFault Invalid(IndexState index, bool isPartitioned) => isPartitioned
        ? new(index.Name, index.Table, "invalid", $"REINDEX TABLE public.{index.Table}", false)
        : new(index.Name, index.Table, "invalid", $"REINDEX INDEX CONCURRENTLY public.{index.Name}", true);

    // What REINDEX CONCURRENTLY leaves behind when it breaks off.
    [GeneratedRegex(@"_cc(new|old)\d*$")]
    private static partial Regex Leftover();
}
