using Vellarys.Jobs;

namespace Vellarys.Functions.Flows;

/// <summary>
/// Compares open flows with living instances and starts what is missing or failed: after a lost task hub, or a hint
/// that never arrived. What stands still is found by its row and replaced when it is looked at.
/// </summary>
public sealed class ReconcileFlows(FlowInstances flows, FlowClient client) : IJob
{
    public JobSchedule Schedule => JobSchedules.ReconcileFlows;

    public Task RunAsync(CancellationToken cancellationToken) =>
        flows.ReconcileAsync(client.Current, cancellationToken);
}
