using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Vellarys.Functions.Flows;

/// <summary>
/// The kinds of flow that this release has an orchestrator for. One of a newer release, deployed beside it, may write
/// others.
/// </summary>
public sealed record FlowKinds(IReadOnlySet<string> Names)
{
    public static FlowKinds OfThisRelease { get; } = new(typeof(FlowOrchestrations).GetMethods()
        .Select(m => m.GetCustomAttribute<FunctionAttribute>()?.Name).OfType<string>()
        .ToHashSet(StringComparer.Ordinal));
}
