using Vellarys.Tests.Caching;
using Vellarys.Tests.Support;

namespace Vellarys.Tests.Functions.Redis;

public sealed class RedisCacheStoreTests : CacheStoreContractTests
{
    private RedisProcess _redis = null!;
    private RedisInstance _instance = null!;

    public override async Task InitializeAsync()
    {
        _redis = await RedisProcess.StartAsync();
        _instance = await RedisInstance.StartAsync(_redis);
        Store = _instance.Cache;
    }

    public override async Task DisposeAsync()
    {
        await _instance.DisposeAsync();
        await _redis.DisposeAsync();
    }
}
