using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Jobs;
using Vellarys.Storage;
using Vellarys.Storage.Schema;

namespace Vellarys.Database.Indexes;

/// <summary>
/// Holds the database's indexes against those that the migrations make. The product's role owns no table and cannot
/// rebuild any; where this process has the owner's address (DATABASE_URL, as for migrations), what can be built beside
/// running work is built as the owner: indexes of the migrations, their partitions', and what a rebuild of these left
/// behind. A key that is missing, or an index over partitions, is left to a person, because building it locks others
/// out; so is an invalid index that no migration makes. The log has the statement. While something is left, the job
/// fails with <c>index_broken</c>. Indexes that nobody uses, and bloat, are reported and harm nothing.
/// </summary>
internal sealed class CheckIndexes(
    ReadIndexes read, OwnerSession owner, IndexMetrics metrics, ILogger<CheckIndexes> logger) : IJob
{
    private const int MuchBloat = 50;

    // Below this an index costs nothing, and queries do without it: a young database uses hardly any.
    private const long WorthKnowing = 1_048_576;
    private static readonly IReadOnlyList<ExpectedIndex> Expected = ExpectedIndex.All();

    public JobSchedule Schedule => JobSchedules.CheckIndexes;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<IndexState> present = await read.RunAsync(cancellationToken);
        IReadOnlyList<IndexFault> faults = IndexFaults.Of(Expected, present);
        metrics.Found(faults);
        Report(present);
        bool tried = false;
        foreach (IndexFault fault in faults)
        {
            logger.IndexBroken(fault.Name, fault.Table, fault.Kind);
            tried |= await TryMendAsync(fault, cancellationToken);
        }

        if (tried)
        {
            faults = IndexFaults.Of(Expected, await read.RunAsync(cancellationToken));
            metrics.Found(faults);
        }

        if (faults.Count == 0) return;
        foreach (IndexFault fault in faults) logger.IndexNeedsOwner(fault.Name, fault.Statement);
        throw new PermanentFault(
            "index_broken", $"Not as the migrations made them: {string.Join(", ", faults.Select(f => f.Name))}.");
    }

    private async Task<bool> TryMendAsync(IndexFault fault, CancellationToken cancellationToken)
    {
        if (!owner.IsAvailable || !fault.MayBeMended) return false;
        try
        {
            if (!await owner.TryRunAsync(fault.Statement, cancellationToken)) return false;
            metrics.Rebuilt(fault);
            logger.IndexRebuilt(fault.Name, fault.Kind);
        }
        catch (NpgsqlException e)
        {
            logger.IndexNotRebuilt(e, fault.Name);
        }

        return true;
    }

    private static string Listed(string[] names) => names.Length == 0 ? "none" : string.Join(", ", names);

    private void Report(IReadOnlyList<IndexState> present)
    {
        string[] expected = [.. Expected.Where(e => !e.IsConstraint).Select(e => e.Name)];
        string[] unused = [.. present
            .Where(p => p.Scans == 0 && p.Bytes >= WorthKnowing && expected.Contains(p.Name)).Select(p => p.Name)];
        string[] bloated = [.. present.Where(p => p.BloatPercent >= MuchBloat)
            .Select(p => $"{p.Name} {p.BloatPercent} % of {p.Bytes / 1_048_576} MB")];
        metrics.Seen(unused.Length, bloated.Length);
        logger.IndexesSeen(present.Count, Listed(unused), Listed(bloated));
    }
}
