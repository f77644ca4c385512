using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Vellarys.Storage;

namespace Vellarys.Accounts;

/// <summary>
/// A job's work, tenant by tenant: what fails for one does not keep the others waiting. Throws the first failure once
/// all had their turn, so that the run counts as failed.
/// </summary>
internal static class ForEachTenant
{
    // A database that is away fails for each alike, and waiting for it a thousand times helps none.
    private const int MostOutagesInARow = 3;

    public static Task RunAsync(
        IReadOnlyList<Tenant> tenants, ILogger logger, Func<Tenant, Task> work, CancellationToken cancellationToken) =>
        RunAsync(tenants, tenant => tenant.Id, logger, work, cancellationToken);

    public static Task RunAsync(
        IReadOnlyList<TenantId> tenants, ILogger logger, Func<TenantId, Task> work,
        CancellationToken cancellationToken) =>
        RunAsync(tenants, tenant => tenant, logger, work, cancellationToken);

    private static async Task RunAsync<T>(
        IReadOnlyList<T> tenants, Func<T, TenantId> idOf, ILogger logger, Func<T, Task> work,
        CancellationToken cancellationToken)
    {
        ExceptionDispatchInfo? first = null;
        int outages = 0;
        foreach (T tenant in tenants)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await work(tenant);
                outages = 0;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Log.WorkFailed(logger, idOf(tenant), TransientErrors.Code(e));
                first ??= ExceptionDispatchInfo.Capture(e);
                outages = TransientErrors.HitsEveryItem(e) ? outages + 1 : 0;
                if (outages == MostOutagesInARow) break;
            }
        }

        first?.Throw();
    }
}
