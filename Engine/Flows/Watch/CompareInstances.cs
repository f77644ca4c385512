using Vellarys.Flows.Kernel;

namespace Vellarys.Flows.Watch;

/// <summary>
/// Puts beside each flow what the host's runner knows of it; nothing where the host has no such runner.
/// </summary>
internal sealed class CompareInstances(TimeProvider time, IFlowInstances? instances = null)
{
    private const int AtOnce = 8;

    public async Task<IReadOnlyList<FlowListRow>> RunAsync(
        TenantId tenant, IReadOnlyList<FlowListRow> flows, CancellationToken cancellationToken)
    {
        if (instances is null) return flows;
        var compared = new FlowListRow[flows.Count];
        ParallelOptions some = new() { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            Enumerable.Range(0, flows.Count), some,
            async (i, stop) => compared[i] = flows[i] with
            {
                Instance = await LookAsync(instances, tenant, flows[i], stop),
            });
        return compared;
    }

    private async Task<FlowInstanceRow> LookAsync(
        IFlowInstances runner, TenantId tenant, FlowListRow flow, CancellationToken cancellationToken)
    {
        try
        {
            var place = new FlowPlace(tenant.Value, flow.Id, flow.Name);
            return FlowInstanceRow.Of(flow, await runner.FindAsync(place, cancellationToken), time.GetUtcNow());
        }
        catch (TransientFault)
        {
            // The rows are the truth, and are shown whatever the runner does.
            return FlowInstanceRow.Unknown;
        }
    }
}
