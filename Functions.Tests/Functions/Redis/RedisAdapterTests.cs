using Vellarys.Assistant.Model;
using Vellarys.Caching;
using Vellarys.Health;
using Vellarys.Limits;
using Vellarys.Realtime;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Functions.Redis;

/// <summary>Two instances that meet in a real Redis.</summary>
public sealed class RedisAdapterTests : IAsyncLifetime
{
    private const string Model = "gpt";
    private const string Phone = "5511987650001";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly LimitRule Ten = LimitRule.OnAverage("ten", 1, Hour, 10);
    private static readonly TenantId Tenant = new(Ids.New(TimeProvider.System));
    private static readonly CacheKey Ana = new(CacheNamespace.Contacts, Tenant, "ana");

    private RedisProcess _redis = null!;
    private RedisInstance _one = null!;
    private RedisInstance _other = null!;

    public async Task InitializeAsync()
    {
        _redis = await RedisProcess.StartAsync();
        _one = await RedisInstance.StartAsync(_redis);
        _other = await RedisInstance.StartAsync(_redis);
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Limits_TwoInstances_ShareOneBudget()
    {
        int allowed = 0;
        for (int i = 0; i < 20; i++)
        {
            LimitVerdict verdict = await (i % 2 == 0 ? _one : _other).Limits
                .TakeAsync([new(Ten, Phone)], TimeSpan.Zero, default);
            if (verdict.Allowed) allowed++;
            else Assert.Equal("ten", verdict.Bucket);
        }

        Assert.Equal(10, allowed);
    }

    [Fact]
    public async Task Limits_BlockedAndChargedByOne_HoldTheOtherBack()
    {
        await _one.Limits.BlockAsync(Ten, "blocked", Hour, default);
        await _one.Limits.ChargeAsync([new(Ten, "charged", 30)], default);
        foreach (string subject in (string[])["blocked", "charged"])
            Assert.False((await _other.Limits.TakeAsync([new(Ten, subject)], TimeSpan.Zero, default)).Allowed);
        Assert.True((await _other.Limits.TakeAsync([new(Ten, "free")], TimeSpan.Zero, default)).Allowed);
    }

    [Fact]
    public async Task Circuit_OpenedByOne_HoldsTheOtherBackUntilItIsClosed()
    {
        await _one.Circuit.OpenedAsync(Model, Hour, default);
        SharedCircuit seen = await LookAsync(_other);
        Assert.Equal(SharedCircuitState.Open, seen.State);
        Assert.InRange(seen.BreakDuration, Hour / 2, Hour);

        await _one.Circuit.ClosedAsync(Model, default);
        // Looked at once a second at most.
        Assert.Equal(seen, await _other.Circuit.LookAsync(Model, Hour, default));
        Assert.Equal(SharedCircuit.Closed, await LookAsync(_other));
    }

    [Fact]
    public async Task Circuit_AfterTheRest_OneOfBothGetsTheProbe()
    {
        await _one.Circuit.OpenedAsync(Model, TimeSpan.FromMilliseconds(1), default);
        await RedisInstance.UntilAsync(async () => (await LookAsync(_one)).State == SharedCircuitState.Probe);
        Assert.Equal(SharedCircuitState.Open, (await LookAsync(_other)).State);
        await _one.Circuit.ReleaseAsync(Model, default);
        Assert.Equal(SharedCircuit.Probe, await LookAsync(_other));
        Assert.Equal(SharedCircuitState.Open, (await LookAsync(_one)).State);
    }

    [Fact]
    public async Task Cache_WrittenByOne_IsFoundByTheOtherUntilInvalidated()
    {
        CacheRead miss = await ReadAsync(_one);
        Assert.Equal(miss.Generation, (await ReadAsync(_other)).Generation);
        await WriteAsync(_one, miss.Generation, 7);
        CacheRead found = await ReadAsync(_other);
        Assert.Equal(7, found.Value!.Value.Span[0]);
        Assert.InRange(found.Left, TimeSpan.FromSeconds(1), Ana.Namespace.Ttl);

        await _other.Cache.InvalidateAsync(Ana.Namespace, Tenant, default);
        Assert.Null((await ReadAsync(_one)).Value);
        // Computed from what was there before the invalidation, and written late.
        await WriteAsync(_one, miss.Generation, 8);
        Assert.Null((await ReadAsync(_other)).Value);
        await WriteAsync(_one, (await ReadAsync(_one)).Generation, 9);
        Assert.Equal(9, (await ReadAsync(_other)).Value!.Value.Span[0]);
        await _one.Cache.DeleteAsync(Ana, default);
        Assert.Null((await ReadAsync(_other)).Value);
    }

    [Fact]
    public async Task Cache_GenerationEvictedAfterAnInvalidation_OldEntryIsNotFoundAgain()
    {
        await WriteAsync(_one, (await ReadAsync(_one)).Generation, 7);
        await _one.Cache.InvalidateAsync(Ana.Namespace, Tenant, default);
        string generation = (await _redis.KeysAsync()).Single(k => k.Key.EndsWith("generation", Ordinal)).Key;
        Assert.Equal(1L, await _redis.RunAsync("DEL", generation));

        Assert.Contains(await _redis.KeysAsync(), k => k.Key.Contains(":entry:", Ordinal));
        CacheRead again = await ReadAsync(_one);
        Assert.Null(again.Value);
        Assert.Equal(again.Generation, (await ReadAsync(_other)).Generation);
    }

    [Fact]
    public async Task Keys_OfAllAdapters_EndByThemselvesAndNameNobody()
    {
        await _one.Limits.TakeAsync([new(Ten, Phone)], TimeSpan.Zero, default);
        await _one.Limits.BlockAsync(Ten, "blocked", TimeSpan.FromMinutes(5), default);
        await _one.Circuit.OpenedAsync(Model, Hour, default);
        await WriteAsync(_one, (await ReadAsync(_one)).Generation, 7);
        await _one.Cache.InvalidateAsync(CacheNamespace.Reports, Tenant, default);

        List<(string Key, TimeSpan Left)> keys = await _redis.KeysAsync();
        Assert.Equal(7, keys.Count);
        foreach ((string key, TimeSpan left) in keys)
        {
            Assert.InRange(left, TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(1));
            Assert.DoesNotContain(Phone, key, Ordinal);
            Assert.StartsWith("vellarys:", key, Ordinal);
        }
    }

    [Fact]
    public async Task Realtime_TwoInstances_HearEachOtherAndNothingTwice()
    {
        RealtimeEvent[] ones = [.. Enumerable.Range(0, 300).Select(_ => Event("message"))];
        foreach (RealtimeEvent happened in ones) _one.Realtime.Publish(happened);
        await RedisInstance.UntilAsync(() => Task.FromResult(_other.Heard.All.Length >= ones.Length));
        // Once this is back, so would be the echo of what went before it.
        RealtimeEvent last = Event("delivery");
        _other.Realtime.Publish(last);
        await RedisInstance.UntilAsync(() => Task.FromResult(_one.Heard.All.Contains(last)));

        Assert.Equal([.. ones, last], _one.Heard.All);
        Assert.Equal(ones.ToHashSet(), _other.Heard.All.SkipLast(1).ToHashSet());
        Assert.Equal(301, _other.Heard.All.Length);
    }

    [Fact]
    public async Task Probe_Memory_IsReportedAndScarceAbove85Percent()
    {
        DependencyState free = await _one.Probe.CheckAsync(default);
        Assert.Equal((DependencyLevel.Healthy, "up"), (free.Level, free.State));
        Assert.Equal(["usedMb", "evictedKeys"], free.Figures!.Keys);

        await _redis.RunAsync("CONFIG", "SET", "maxmemory", "100mb");
        Assert.Equal(["usedMb", "evictedKeys"], (await _one.Probe.CheckAsync(default)).Figures!.Keys);
        _one.Time.Advance(TimeSpan.FromSeconds(30));
        DependencyState limited = await _one.Probe.CheckAsync(default);
        Assert.Equal((DependencyLevel.Healthy, 100), (limited.Level, limited.Figures!["maxMb"]));

        await _redis.RunAsync("CONFIG", "SET", "maxmemory", "1mb");
        _one.Time.Advance(TimeSpan.FromSeconds(30));
        DependencyState scarce = await _one.Probe.CheckAsync(default);
        Assert.Equal((DependencyLevel.Degraded, "low memory"), (scarce.Level, scarce.State));
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static RealtimeEvent Event(string kind) =>
        new(Tenant, new ConversationId(Ids.New(TimeProvider.System)), kind);

    private static ValueTask<SharedCircuit> LookAsync(RedisInstance instance)
    {
        instance.Time.Advance(TimeSpan.FromSeconds(1));
        return instance.Circuit.LookAsync(Model, Hour, default);
    }

    private static ValueTask<CacheRead> ReadAsync(RedisInstance instance) => instance.Cache.ReadAsync(Ana, default);

    private static ValueTask WriteAsync(RedisInstance instance, string generation, byte value) =>
        instance.Cache.WriteAsync(Ana, generation, new[] { value }, Ana.Namespace.Ttl, default);
}
