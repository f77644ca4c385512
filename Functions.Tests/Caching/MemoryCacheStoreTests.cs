using Vellarys.Caching;

namespace Vellarys.Tests.Caching;

public sealed class MemoryCacheStoreTests : CacheStoreContractTests
{
    public override Task InitializeAsync()
    {
        Store = new MemoryCacheStore(TimeProvider.System);
        return Task.CompletedTask;
    }

    public override Task DisposeAsync() => Task.CompletedTask;
}
