namespace Vellarys.Database.Pool;

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
