using Vellarys.Flows.Kernel;

namespace Vellarys.Flows.Watch;

/// <summary>
/// What a host with a runner of its own keeps alive for each open flow. A host that runs flows on their wake-ups has
/// none.
/// </summary>
public interface IFlowInstances
{
    /// <summary>Null when there is none.</summary>
    /// <exception cref="TransientFault">The runner is away.</exception>
    Task<FlowInstance?> FindAsync(FlowPlace place, CancellationToken cancellationToken);

    /// <summary>Ends it, if it has not ended, and starts another from the flow's row.</summary>
    /// <exception cref="TransientFault">The runner is away.</exception>
    Task<InstanceChange> RestartAsync(FlowPlace place, CancellationToken cancellationToken);

    /// <summary>Ends it, if it has not ended, and forgets it with its history.</summary>
    /// <exception cref="TransientFault">The runner is away.</exception>
    Task<InstanceChange> PurgeAsync(FlowPlace place, CancellationToken cancellationToken);
}

/// <summary>One instance as its runner knows it.</summary>
/// <param name="Status">The runner's own word: <c>running</c>, <c>failed</c>, <c>suspended</c>, and so on.</param>
/// <param name="IsAlive">Something may still become of it.</param>
/// <param name="LastUpdatedAt">Its last progress.</param>
/// <param name="Failure">The type of what it failed with; never its text.</param>
public sealed record FlowInstance(
    string Id, string Status, bool IsAlive, DateTimeOffset CreatedAt, DateTimeOffset LastUpdatedAt, string? Failure);

/// <summary>What became of an operator's wish.</summary>
public enum InstanceChange
{
    Done,

    /// <summary>It was told to end and has not: to be tried again.</summary>
    DoesNotEnd,

    /// <summary>This release has no orchestrator for flows of this kind.</summary>
    KindUnknown,
}
