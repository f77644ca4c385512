using Vellarys.Jobs;

namespace Vellarys.Functions.Flows;

/// <summary>Forgets instances that ended a week ago.</summary>
public sealed class PurgeFlowInstances(FlowInstances flows, FlowClient client) : IJob
{
    public JobSchedule Schedule => JobSchedules.PurgeFlowInstances;

    public Task RunAsync(CancellationToken cancellationToken) => flows.PurgeAsync(client.Current, cancellationToken);
}
