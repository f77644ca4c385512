using Microsoft.DurableTask.Client;
using Vellarys.Flows.Kernel;
using Vellarys.Flows.Watch;

namespace Vellarys.Functions.Flows;

/// <summary>Durable's instances as the engine shows them to operators.</summary>
internal sealed class OperateInstances(FlowInstances flows, FlowClient client) : IFlowInstances
{
    public async Task<FlowInstance?> FindAsync(FlowPlace place, CancellationToken cancellationToken)
    {
        if (await FlowInstances.FindAsync(client.Current, place, cancellationToken) is not { } found) return null;
#pragma warning disable CA1308 // Words of the API are lower-case.
        string status = found.RuntimeStatus.ToString().ToLowerInvariant();
#pragma warning restore CA1308
        return new FlowInstance(
            found.InstanceId, status, !found.IsCompleted, found.CreatedAt, found.LastUpdatedAt,
            found.FailureDetails?.ErrorType);
    }

    public Task<InstanceChange> RestartAsync(FlowPlace place, CancellationToken cancellationToken) =>
        flows.RestartAsync(client.Current, place, cancellationToken);

    public Task<InstanceChange> PurgeAsync(FlowPlace place, CancellationToken cancellationToken) =>
        FlowInstances.PurgeAsync(client.Current, place, cancellationToken);
}
