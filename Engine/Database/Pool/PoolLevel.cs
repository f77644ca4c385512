namespace Vellarys.Database.Pool;

/// <summary>What the usage of the pool means: the one table of thresholds, also in <c>docs/api.md</c>.</summary>
internal enum PoolLevel
{
    /// <summary>Below 50 %.</summary>
    Healthy,

    /// <summary>From 50 % to 80 %.</summary>
    Warning,

    /// <summary>Above 80 %, up to 95 %.</summary>
    Alert,

    /// <summary>Above 95 %: work begins to wait for connections.</summary>
    Degraded,
}
