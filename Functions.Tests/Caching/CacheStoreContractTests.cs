using Vellarys.Caching;
using Xunit;

namespace Vellarys.Tests.Caching;

/// <summary>What every <see cref="ICacheStore"/> keeps, wherever its entries are.</summary>
public abstract class CacheStoreContractTests : IAsyncLifetime
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private readonly CacheKey _key =
        new(CacheNamespace.Dashboard, new TenantId(Ids.New(TimeProvider.System)), "ana");

    private protected ICacheStore Store { get; set; } = null!;

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    [Fact]
    public async Task Read_OfNothing_IsAMissThatNamesTheGeneration()
    {
        CacheRead miss = await ReadAsync(_key);
        Assert.Null(miss.Value);
        Assert.Equal(TimeSpan.Zero, miss.Left);
        Assert.Equal(miss.Generation, (await ReadAsync(_key with { Name = "bia" })).Generation);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("")]
    [InlineData("ação \0 \ud83d\ude00")]
    public async Task Write_IsReadAsItWas_WithTheTimeThatIsLeft(string value)
    {
        await WriteAsync(_key, value);
        CacheRead found = await ReadAsync(_key);
        Assert.Equal(System.Text.Encoding.UTF8.GetBytes(value), found.Value!.Value.ToArray());
        Assert.InRange(found.Left, TimeSpan.FromTicks(1), Long);
    }

    [Fact]
    public async Task Write_OfTheSameKey_Replaces()
    {
        await WriteAsync(_key, "1");
        await WriteAsync(_key, "2");
        Assert.Equal("2"u8.ToArray(), (await ReadAsync(_key)).Value!.Value.ToArray());
    }

    [Fact]
    public async Task Entries_OfOtherTenantsNamespacesAndNames_NeverMeet()
    {
        await WriteAsync(_key, "7");
        foreach (CacheKey other in new[]
        {
            _key with { Tenant = new TenantId(Ids.New(TimeProvider.System)) },
            _key with { Namespace = CacheNamespace.Reports }, _key with { Name = "an" }, _key with { Name = "ana:" },
        })
        {
            Assert.Null((await ReadAsync(other)).Value);
        }
    }

    [Fact]
    public async Task Delete_TakesOneEntry_AndIsNoErrorTwice()
    {
        CacheKey other = _key with { Name = "bia" };
        await WriteAsync(_key, "1");
        await WriteAsync(other, "2");
        await Store.DeleteAsync(_key, default);
        await Store.DeleteAsync(_key, default);
        Assert.Null((await ReadAsync(_key)).Value);
        Assert.NotNull((await ReadAsync(other)).Value);
    }

    [Fact]
    public async Task Invalidate_TakesTheTenantsNamespace_AndNothingElse()
    {
        CacheKey[] kept =
        [
            _key with { Tenant = new TenantId(Ids.New(TimeProvider.System)) },
            _key with { Namespace = CacheNamespace.Reports },
        ];
        await WriteAsync(_key, "1");
        foreach (CacheKey key in kept) await WriteAsync(key, "2");

        await Store.InvalidateAsync(_key.Namespace, _key.Tenant, default);

        Assert.Null((await ReadAsync(_key)).Value);
        foreach (CacheKey key in kept) Assert.NotNull((await ReadAsync(key)).Value);
    }

    [Fact]
    public async Task Write_OfWhatWasReadBeforeAnInvalidation_IsNotFound()
    {
        CacheRead miss = await ReadAsync(_key);
        await Store.InvalidateAsync(_key.Namespace, _key.Tenant, default);
        await Store.WriteAsync(_key, miss.Generation, "old"u8.ToArray(), Long, default);

        Assert.Null((await ReadAsync(_key)).Value);
        Assert.NotEqual(miss.Generation, (await ReadAsync(_key)).Generation);
    }

    private ValueTask<CacheRead> ReadAsync(CacheKey key) => Store.ReadAsync(key, default);

    private async Task WriteAsync(CacheKey key, string value) => await Store.WriteAsync(
        key, (await ReadAsync(key)).Generation, System.Text.Encoding.UTF8.GetBytes(value), Long, default);
}
