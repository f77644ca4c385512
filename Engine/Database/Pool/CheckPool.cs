using Microsoft.Extensions.Logging;
using Vellarys.Jobs;

namespace Vellarys.Database.Pool;

/// <summary>
/// Looks at this instance's pool against <see cref="PoolLevel"/>, and says when it is nearly used up: by load, or by
/// connections that leaked. Where a timer starts the jobs, one instance a minute looks at itself; the gauge
/// <c>pool.usage</c> is every instance's. Then at the sessions of all instances, by their names, against what the
/// server takes.
/// </summary>
internal sealed class CheckPool(
    ReadPool pool, ReadInstances instances, PoolMetrics metrics, ILogger<CheckPool> logger) : IJob
{
    private const int Named = 5;
    private PoolLevel _before;

    public JobSchedule Schedule => JobSchedules.CheckPool;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        LookHere();
        InstancesReport all = await instances.RunAsync(cancellationToken);
        if (!all.IsKnown) return;
        metrics.Seen(all);
        if (all.Level < PoolLevel.Alert) return;
        logger.ServerNearlyUsedUp(
            all.Count, all.Connections, all.MaxConnections,
            string.Join(", ", all.Items.Take(Named).Select(i => $"{i.Name} {i.Connections}")));
    }

    private void LookHere()
    {
        PoolReport report = pool.Run();
        (int used, int size) = (report.CurrentState.CheckedOut, report.CurrentState.TotalCapacity);
        if (report.Level >= PoolLevel.Alert)
        {
            metrics.Alert(report.Level);
            logger.PoolNearlyUsedUp(report.Status, used, size);
        }
        else if (_before >= PoolLevel.Alert)
        {
            logger.PoolRecovered(used, size);
        }

        _before = report.Level;
    }
}
