using Vellarys.Health;

namespace Vellarys.Jobs;

/// <summary>Whether the jobs run, on whatever instance. Customers are served without them for a while.</summary>
internal sealed class JobsProbe(ListJobs jobs) : IDependencyProbe
{
    public string Name => "jobs";

    public DependencyLevel OnFailure => DependencyLevel.Degraded;

    public async Task<DependencyState> CheckAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<JobReport> all = await jobs.RunAsync(cancellationToken);
        int overdue = all.Count(j => j.IsOverdue);
        var figures = new Dictionary<string, long>
        {
            ["overdue"] = overdue, ["failing"] = all.Count(j => j.Word == "failing"),
        };
        return overdue > 0
            ? new DependencyState(DependencyLevel.Degraded, "late", figures)
            : new DependencyState(DependencyLevel.Healthy, "up", figures);
    }
}
