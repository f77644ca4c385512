using Vellarys.Operations;

namespace Vellarys.Functions.Redis;

/// <summary>Whether instances hear each other. Never a reason to stop: each goes on by itself.</summary>
internal sealed class RedisProbe(RedisConnection redis) : IDependencyProbe
{
    public string Name => "redis";

    public Task<DependencyState> CheckAsync(CancellationToken cancellationToken) => Task.FromResult(redis.IsUp
        ? new DependencyState(DependencyLevel.Healthy, "up")
        : new DependencyState(DependencyLevel.Degraded, "away"));
}
