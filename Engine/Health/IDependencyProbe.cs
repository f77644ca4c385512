namespace Vellarys.Health;

/// <summary>Looks at one thing that the product stands on. Registered by the slice that knows it.</summary>
public interface IDependencyProbe
{
    /// <summary>Its key in the health report.</summary>
    string Name { get; }

    /// <summary>What it means when the check itself fails or hangs.</summary>
    DependencyLevel OnFailure { get; }

    /// <summary>May throw and may hang: the report caps and catches it.</summary>
    Task<DependencyState> CheckAsync(CancellationToken cancellationToken);
}

/// <summary>What a probe found. No secrets, addresses or exception texts: the report is public.</summary>
/// <param name="State">One word or two: <c>up</c>, <c>not configured</c>, <c>open</c>.</param>
/// <param name="Figures">Numbers worth a look, by name with their unit: <c>latencyMs</c>.</param>
public sealed record DependencyState(
    DependencyLevel Level, string State, IReadOnlyDictionary<string, long>? Figures = null);

/// <summary>What a dependency's state means for the whole.</summary>
public enum DependencyLevel
{
    /// <summary>As it should be.</summary>
    Healthy,

    /// <summary>Customers are served, but less well.</summary>
    Degraded,

    /// <summary>This instance cannot do its work: the report answers 503.</summary>
    Unhealthy,
}
