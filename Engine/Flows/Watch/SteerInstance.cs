using Vellarys.Flows.Kernel;

namespace Vellarys.Flows.Watch;

/// <summary>An operator's hand on what runs a flow: another instance in its place, or none.</summary>
internal sealed class SteerInstance(ReadFlow read, SteerFlow steer, IFlowInstances? instances = null)
{
    /// <summary>A new instance from the row, its faults and restarts forgotten. The flow must not have ended.</summary>
    public async Task<InstanceAnswer> RestartAsync(TenantId tenant, FlowId flow, CancellationToken cancellationToken)
    {
        if (await FindAsync(tenant, flow, cancellationToken) is not { } place) return InstanceAnswer.NotFound;
        if (instances is null) return InstanceAnswer.NoInstances;
        if (!await steer.RetryAsync(tenant, flow, cancellationToken)) return InstanceAnswer.NotFound;
        return Answer(await instances.RestartAsync(place, cancellationToken));
    }

    /// <summary>
    /// Forgets the instance of any flow. One that has not ended gets another with what happens to it next, or from the
    /// watch.
    /// </summary>
    public async Task<InstanceAnswer> PurgeAsync(TenantId tenant, FlowId flow, CancellationToken cancellationToken)
    {
        if (await FindAsync(tenant, flow, cancellationToken) is not { } place) return InstanceAnswer.NotFound;
        if (instances is null) return InstanceAnswer.NoInstances;
        return Answer(await instances.PurgeAsync(place, cancellationToken));
    }

    private async Task<FlowPlace?> FindAsync(TenantId tenant, FlowId flow, CancellationToken cancellationToken) =>
        await read.RunAsync(tenant, flow, cancellationToken) is { } found
            ? new FlowPlace(tenant.Value, flow.Value, found.Flow.Name)
            : null;

    private static InstanceAnswer Answer(InstanceChange change) => change switch
    {
        InstanceChange.Done => InstanceAnswer.Done,
        InstanceChange.KindUnknown => InstanceAnswer.KindUnknown,
        _ => InstanceAnswer.DoesNotEnd,
    };
}

/// <summary>How it went, with the code and the words that an operator reads.</summary>
internal sealed record InstanceAnswer(string? Code, string Reason = "")
{
    public static readonly InstanceAnswer Done = new((string?)null);

    public static readonly InstanceAnswer NotFound = new("flow_not_found", "There is no such flow, or it has ended.");

    public static readonly InstanceAnswer NoInstances = new(
        "no_instances", "This host runs flows on their wake-ups: there are no instances. Use retry.");

    public static readonly InstanceAnswer DoesNotEnd = new(
        "instance_does_not_end", "The instance was told to end and has not yet; try again.");

    public static readonly InstanceAnswer KindUnknown = new(
        "flow_kind_unknown", "This release has no orchestrator for flows of this kind.");
}
