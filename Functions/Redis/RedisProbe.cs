using Vellarys.Health;

namespace Vellarys.Functions.Redis;

/// <summary>
/// Whether instances hear each other, whether Redis has memory left, and whether it makes room when it has not. Never a
/// reason to stop: each goes on by itself.
/// </summary>
internal sealed class RedisProbe(RedisConnection redis, RedisLook look) : IDependencyProbe
{
    public string Name => "redis";

    public DependencyLevel OnFailure => DependencyLevel.Degraded;

    public async Task<DependencyState> CheckAsync(CancellationToken cancellationToken)
    {
        if (!redis.IsUp) return new DependencyState(DependencyLevel.Degraded, "away");
        return await look.RunAsync() switch
        {
            null => new DependencyState(DependencyLevel.Healthy, "up"),
            { MayEvict: false } full => new DependencyState(
                DependencyLevel.Degraded, "evicts nothing", full.Figures()),
            { IsScarce: true } scarce => new DependencyState(
                DependencyLevel.Degraded, "low memory", scarce.Figures()),
            { } enough => new DependencyState(DependencyLevel.Healthy, "up", enough.Figures()),
        };
    }
}
