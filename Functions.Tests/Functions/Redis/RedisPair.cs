using Vellarys.Tests.Support;

namespace Vellarys.Tests.Functions.Redis;

/// <summary>Two instances and the Redis between them.</summary>
internal sealed class RedisPair : IAsyncDisposable
{
    private RedisPair(RedisProcess redis, RedisInstance one, RedisInstance other) =>
        (Redis, One, Other) = (redis, one, other);

    public RedisProcess Redis { get; }

    public RedisInstance One { get; }

    public RedisInstance Other { get; }

    public static async Task<RedisPair> StartAsync()
    {
        RedisProcess redis = await RedisProcess.StartAsync();
        return new RedisPair(redis, await RedisInstance.StartAsync(redis), await RedisInstance.StartAsync(redis));
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Other.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
