namespace Vellarys.Flows.Kernel;

/// <summary>The kinds of flow that this release knows.</summary>
internal sealed class FlowCatalog(IEnumerable<IFlow> flows)
{
    private readonly Dictionary<string, IFlow> _byName = flows.ToDictionary(f => f.Name, StringComparer.Ordinal);

    public IEnumerable<string> Names => _byName.Keys;

    /// <exception cref="PermanentFault">A row of a kind that this release does not know.</exception>
    public IFlow Find(string name) => _byName.TryGetValue(name, out IFlow? flow)
        ? flow
        : throw new PermanentFault("unknown_flow", $"No flow is named {name}.");
}
