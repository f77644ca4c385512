using Microsoft.Extensions.Logging;
using Vellarys.Jobs;

namespace Vellarys.Database.Pool;

/// <summary>
/// Looks at this instance's pool against <see cref="PoolLevel"/>, and says when it is nearly used up: by load, or by
/// connections that leaked. Where a timer starts the jobs, one instance a minute looks at itself; the gauge
/// <c>pool.usage</c> is every instance's.
/// </summary>
internal sealed class CheckPool(ReadPool pool, PoolMetrics metrics, ILogger<CheckPool> logger) : IJob
{
    private PoolLevel _before;

    public JobSchedule Schedule => JobSchedules.CheckPool;

    public Task RunAsync(CancellationToken cancellationToken)
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
        return Task.CompletedTask;
    }
}
