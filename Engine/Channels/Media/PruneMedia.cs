using Microsoft.Extensions.Logging;
using Vellarys.Accounts;
using Vellarys.Jobs;

namespace Vellarys.Channels.Media;

/// <summary>
/// Deletes files that are older than <see cref="MediaOptions.Keep"/>, in portions; their rows stay and say so. Asks
/// again for what was lost on its way.
/// </summary>
internal sealed class PruneMedia(
    ITenantDirectory tenants, MediaRows rows, IMediaStore store, MediaOptions options, ILogger<PruneMedia> logger)
    : IJob
{
    private const int Portion = 100;

    public JobSchedule Schedule => JobSchedules.PruneMedia;

    public async Task RunAsync(CancellationToken cancellationToken) => await ForEachTenant.RunAsync(
        await tenants.EveryIdAsync(cancellationToken), logger,
        tenant => RunAsync(tenant, cancellationToken), cancellationToken);

    private async Task RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await rows.RefetchAsync(tenant, cancellationToken);
        long deleted = 0;
        while (true)
        {
            IReadOnlyList<Guid> old = await rows.OlderThanAsync(tenant, options.Keep, Portion, cancellationToken);
            // The file first: a row that says so must not be left behind by a file that is still there.
            foreach (Guid media in old) await store.DeleteAsync(KeepFile.KeyOf(tenant, media), cancellationToken);
            await rows.DeletedAsync(tenant, [.. old], cancellationToken);
            deleted += old.Count;
            if (old.Count < Portion) break;
        }

        if (deleted > 0) Log.Pruned(logger, tenant, deleted);
    }
}
