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

internal static class PoolLevels
{
    public static PoolLevel Of(double percent) => percent switch
    {
        < 50 => PoolLevel.Healthy,
        <= 80 => PoolLevel.Warning,
        <= 95 => PoolLevel.Alert,
        _ => PoolLevel.Degraded,
    };
}
