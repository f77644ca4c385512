using Microsoft.Azure.Functions.Worker;
using Vellarys.Flows.Kernel;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Flows;

/// <summary>The only thing that orchestrations do.</summary>
public sealed class FlowActivities(RunFlow run, RelayOutbox relay)
{
    [Function(nameof(AdvanceFlow))]
    public async Task<FlowStanding> AdvanceFlow(
        [ActivityTrigger] FlowPlace place, CancellationToken cancellationToken)
    {
        FlowStanding standing = await run.RunAsync(
            new TenantId(place.Tenant), new FlowId(place.Flow), cancellationToken);
        await relay.TryRunAsync(cancellationToken);
        return standing;
    }
}
