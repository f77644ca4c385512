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
    private static readonly CacheKey Ana = new(CacheNamespace.Dashboard, Tenant, "ana");

    private RedisPair _pair = null!;

    public async Task InitializeAsync() => _pair = await RedisPair.StartAsync();

    public async Task DisposeAsync() => await _pair.DisposeAsync();

    [Fact]
    public async Task Limits_TwoInstances_ShareOneBudget()
    {
        int allowed = 0;
        for (int i = 0; i < 20; i++)
        {
            LimitVerdict verdict = await (i % 2 == 0 ? _pair.One : _pair.Other).Limits
                .TakeAsync([new(Ten, Phone)], TimeSpan.Zero, default);
            if (verdict.Allowed) allowed++;
            else Assert.Equal("ten", verdict.Bucket);
        }

        Assert.Equal(10, allowed);
    }

    [Fact]
    public async Task Limits_BlockedAndChargedByOne_HoldTheOtherBack()
    {
        await _pair.One.Limits.BlockAsync(Ten, "blocked", Hour, default);
        await _pair.One.Limits.ChargeAsync([new(Ten, "charged", 30)], default);
        foreach (string subject in (string[])["blocked", "charged"])
            Assert.False((await _pair.Other.Limits.TakeAsync([new(Ten, subject)], TimeSpan.Zero, default)).Allowed);
        Assert.True((await _pair.Other.Limits.TakeAsync([new(Ten, "free")], TimeSpan.Zero, default)).Allowed);
    }

    [Fact]
    public async Task Circuit_OpenedByOne_HoldsTheOtherBackUntilItIsClosed()
    {
        await _pair.One.Circuit.OpenedAsync(Model, Hour, default);
        SharedCircuit seen = await LookAsync(_pair.Other);
        Assert.Equal(SharedCircuitState.Open, seen.State);
        Assert.InRange(seen.BreakDuration, Hour / 2, Hour);

        await _pair.One.Circuit.ClosedAsync(Model, default);
        // Looked at once a second at most.
        Assert.Equal(seen, await _pair.Other.Circuit.LookAsync(Model, Hour, default));
        Assert.Equal(SharedCircuit.Closed, await LookAsync(_pair.Other));
    }

    [Fact]
    public async Task Circuit_AfterTheRest_OneOfBothGetsTheProbe()
    {
        await _pair.One.Circuit.OpenedAsync(Model, TimeSpan.FromMilliseconds(1), default);
        await RedisInstance.UntilAsync(async () => (await LookAsync(_pair.One)).State == SharedCircuitState.Probe);
        Assert.Equal(SharedCircuitState.Open, (await LookAsync(_pair.Other)).State);
        await _pair.One.Circuit.ReleaseAsync(Model, default);
        Assert.Equal(SharedCircuit.Probe, await LookAsync(_pair.Other));
        Assert.Equal(SharedCircuitState.Open, (await LookAsync(_pair.One)).State);
    }

    [Fact]
    public async Task Cache_WrittenByOne_IsFoundByTheOtherUntilInvalidated()
    {
        CacheRead miss = await ReadAsync(_pair.One);
        Assert.Equal(miss.Generation, (await ReadAsync(_pair.Other)).Generation);
        await WriteAsync(_pair.One, miss.Generation, 7);
        CacheRead found = await ReadAsync(_pair.Other);
        Assert.Equal(7, found.Value!.Value.Span[0]);
        Assert.InRange(found.Left, TimeSpan.FromSeconds(1), Ana.Namespace.Ttl);

        await _pair.Other.Cache.InvalidateAsync(Ana.Namespace, Tenant, default);
        Assert.Null((await ReadAsync(_pair.One)).Value);
        // Computed from what was there before the invalidation, and written late.
        await WriteAsync(_pair.One, miss.Generation, 8);
        Assert.Null((await ReadAsync(_pair.Other)).Value);
        await WriteAsync(_pair.One, (await ReadAsync(_pair.One)).Generation, 9);
        Assert.Equal(9, (await ReadAsync(_pair.Other)).Value!.Value.Span[0]);
        await _pair.One.Cache.DeleteAsync(Ana, default);
        Assert.Null((await ReadAsync(_pair.Other)).Value);
    }

    [Fact]
    public async Task Cache_GenerationEvictedAfterAnInvalidation_OldEntryIsNotFoundAgain()
    {
        await WriteAsync(_pair.One, (await ReadAsync(_pair.One)).Generation, 7);
        await _pair.One.Cache.InvalidateAsync(Ana.Namespace, Tenant, default);
        string generation = (await _pair.Redis.KeysAsync()).Single(k => k.Key.EndsWith("generation", Ordinal)).Key;
        Assert.Equal(1L, await _pair.Redis.RunAsync("DEL", generation));

        Assert.Contains(await _pair.Redis.KeysAsync(), k => k.Key.Contains(":entry:", Ordinal));
        CacheRead again = await ReadAsync(_pair.One);
        Assert.Null(again.Value);
        Assert.Equal(again.Generation, (await ReadAsync(_pair.Other)).Generation);
    }

    [Fact]
    public async Task Keys_OfAllAdapters_EndByThemselvesAndNameNobody()
    {
        await _pair.One.Limits.TakeAsync([new(Ten, Phone)], TimeSpan.Zero, default);
        await _pair.One.Limits.BlockAsync(Ten, "blocked", TimeSpan.FromMinutes(5), default);
        await _pair.One.Circuit.OpenedAsync(Model, Hour, default);
        await WriteAsync(_pair.One, (await ReadAsync(_pair.One)).Generation, 7);
        await _pair.One.Cache.InvalidateAsync(CacheNamespace.Reports, Tenant, default);

        List<(string Key, TimeSpan Left)> keys = await _pair.Redis.KeysAsync();
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
        foreach (RealtimeEvent happened in ones) _pair.One.Realtime.Publish(happened);
        await RedisInstance.UntilAsync(() => Task.FromResult(_pair.Other.Heard.All.Length >= ones.Length));
        // Once this is back, so would be the echo of what went before it.
        RealtimeEvent last = Event("delivery");
        _pair.Other.Realtime.Publish(last);
        await RedisInstance.UntilAsync(() => Task.FromResult(_pair.One.Heard.All.Contains(last)));

        Assert.Equal([.. ones, last], _pair.One.Heard.All);
        Assert.Equal(ones.ToHashSet(), _pair.Other.Heard.All.SkipLast(1).ToHashSet());
        Assert.Equal(301, _pair.Other.Heard.All.Length);
    }

    [Fact]
    public async Task Probe_Memory_IsReportedAndScarceAbove85Percent()
    {
        DependencyState free = await _pair.One.Probe.CheckAsync(default);
        Assert.Equal((DependencyLevel.Healthy, "up"), (free.Level, free.State));
        Assert.Equal(["usedMb", "evictedKeys"], free.Figures!.Keys);

        await _pair.Redis.RunAsync("CONFIG", "SET", "maxmemory", "100mb");
        Assert.Equal(["usedMb", "evictedKeys"], (await _pair.One.Probe.CheckAsync(default)).Figures!.Keys);
        _pair.One.Time.Advance(TimeSpan.FromSeconds(30));
        DependencyState limited = await _pair.One.Probe.CheckAsync(default);
        Assert.Equal((DependencyLevel.Healthy, 100), (limited.Level, limited.Figures!["maxMb"]));

        await _pair.Redis.RunAsync("CONFIG", "SET", "maxmemory", "1mb");
        _pair.One.Time.Advance(TimeSpan.FromSeconds(30));
        DependencyState scarce = await _pair.One.Probe.CheckAsync(default);
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
