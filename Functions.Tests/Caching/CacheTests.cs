using System.Diagnostics.Metrics;
using System.Text.Json.Serialization;
using Vellarys.Caching;
using Vellarys.Tests.Assistant;
using Xunit;

namespace Vellarys.Tests.Caching;

public sealed partial class CacheTests
{
    private readonly ManualTime _time = new();
    private readonly TenantId _tenant = new(Ids.New(TimeProvider.System));
    private int _loads;

    private CacheKey Key => new(CacheNamespace.Reports, _tenant, "survey");

    [Fact]
    public async Task Remember_AHundredMissAtOnce_LoadsOnce()
    {
        Cache cache = Caches.InMemory(_time);
        TaskCompletionSource release = new();
        Task<Figure>[] asked =
        [
            .. Enumerable.Range(0, 100).Select(_ => Task.Run(() => cache.RememberAsync(
                Key, FigureJson.Default.Figure,
                async _ =>
                {
                    Interlocked.Increment(ref _loads);
                    await release.Task;
                    return new Figure(7);
                },
                default).AsTask())),
        ];
        while (Volatile.Read(ref _loads) == 0) await Task.Yield();
        release.SetResult();

        Assert.All(await Task.WhenAll(asked), figure => Assert.Equal(new Figure(7), figure));
        Assert.Equal(1, _loads);
    }

    [Fact]
    public async Task Remember_MissFromBeforeTheLoadOfAnother_TakesWhatItLeft()
    {
        var store = new HeldReads(new MemoryCacheStore(_time));
        var cache = new Cache(store, new CacheMetrics(Caches.Meters));
        Task<int> late = LoadAsync(cache);
        await store.Missed.Task;
        Assert.Equal(1, await LoadAsync(cache));
        store.Release.SetResult();

        Assert.Equal(1, await late);
        Assert.Equal(1, _loads);
    }

    [Fact]
    public async Task Remember_UntilItsTimeIsOver_LoadsOnce()
    {
        Cache cache = Caches.InMemory(_time);
        Assert.Equal(1, await LoadAsync(cache));
        _time.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal(1, await LoadAsync(cache));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, await LoadAsync(cache));
    }

    [Fact]
    public async Task Remember_AfterAnInvalidation_LoadsAnew()
    {
        Cache cache = Caches.InMemory(_time);
        await LoadAsync(cache);
        await cache.InvalidateAsync(CacheNamespace.Reports, _tenant, default);
        Assert.Equal(2, await LoadAsync(cache));
        await cache.InvalidateAsync(CacheNamespace.Dashboard, _tenant, default);
        await cache.InvalidateAsync(CacheNamespace.Reports, new TenantId(Ids.New(_time)), default);
        Assert.Equal(2, await LoadAsync(cache));
    }

    [Fact]
    public async Task Remember_LoadThatBeganBeforeTheInvalidation_IsNotFoundAfterIt()
    {
        Cache cache = Caches.InMemory(_time);
        TaskCompletionSource release = new();
        Task<Figure> old = cache.RememberAsync(
            Key, FigureJson.Default.Figure,
            async _ =>
            {
                await release.Task;
                return new Figure(-1);
            },
            default).AsTask();
        await cache.InvalidateAsync(CacheNamespace.Reports, _tenant, default);
        // Does not wait for the old one either.
        Assert.Equal(1, await LoadAsync(cache));
        release.SetResult();

        Assert.Equal(new Figure(-1), await old);
        Assert.Equal(1, await LoadAsync(cache));
    }

    [Fact]
    public async Task Remember_LoadFails_IsNotRemembered()
    {
        Cache cache = Caches.InMemory(_time);
        await Assert.ThrowsAsync<InvalidOperationException>(() => cache.RememberAsync(
            Key, FigureJson.Default.Figure, _ => throw new InvalidOperationException(), default).AsTask());

        Assert.Equal(1, await LoadAsync(cache));
    }

    [Fact]
    public async Task Remember_ShortlyBeforeTheEnd_IsRenewedBesideTheCaller()
    {
        double chance = 0;
        var store = new MemoryCacheStore(_time);
        var cache = new Cache(store, new CacheMetrics(Caches.Meters)) { Chance = () => chance };
        await LoadAsync(cache);
        _time.Advance(TimeSpan.FromSeconds(285));
        chance = 0.4; // Fifteen of the last thirty seconds are left: half of the callers renew.
        Assert.Equal(1, await LoadAsync(cache));
        Assert.Equal(1, _loads);
        chance = 0.6;
        Assert.Equal(1, await LoadAsync(cache));
        while (Volatile.Read(ref _loads) < 2) await Task.Yield();
        while ((await store.ReadAsync(Key, default)).Left < TimeSpan.FromSeconds(100)) await Task.Yield();

        Assert.Equal(2, await LoadAsync(cache));
    }

    [Fact]
    public async Task SetGetDelete_OfTwoTenants_NeverMeet()
    {
        Cache cache = Caches.InMemory(_time);
        CacheKey other = Key with { Tenant = new TenantId(Ids.New(_time)) };
        await cache.SetAsync(Key, new Figure(3), FigureJson.Default.Figure, default);
        Assert.Equal(new Figure(3), await cache.GetAsync(Key, FigureJson.Default.Figure, default));
        Assert.Null(await cache.GetAsync(other, FigureJson.Default.Figure, default));
        await cache.DeleteAsync(Key, default);
        Assert.Null(await cache.GetAsync(Key, FigureJson.Default.Figure, default));
    }

    [Fact]
    public async Task Store_MoreThanItHolds_LetsGoOfWhatWasNotAskedFor()
    {
        var store = new MemoryCacheStore(_time, maxBytes: 100_000);
        CacheKey Nth(int i) => Key with { Name = $"{i}" };
        for (int i = 0; i < 1_000; i++)
        {
            await store.WriteAsync(Nth(i), "0", new byte[1_000], TimeSpan.FromSeconds(300), default);
            Assert.NotNull((await store.ReadAsync(Nth(0), default)).Value);
        }

        Assert.InRange(store.Bytes, 90_000, 100_000);
        Assert.NotNull((await store.ReadAsync(Nth(999), default)).Value);
        Assert.Null((await store.ReadAsync(Nth(1), default)).Value);
    }

    [Fact]
    public async Task Reads_AreCountedByNamespace()
    {
        List<(string Name, object? Space)> seen = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Scope == Caches.Meters && instrument.Meter.Name == CacheMetrics.MeterName)
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) =>
        {
            lock (seen) seen.Add((instrument.Name, tags[0].Value));
        });
        listener.Start();
        Cache cache = Caches.InMemory(_time);
        CacheKey key = Key with { Namespace = CacheNamespace.Dashboard };
        await cache.GetAsync(key, FigureJson.Default.Figure, default);
        await cache.SetAsync(key, new Figure(1), FigureJson.Default.Figure, default);
        await cache.GetAsync(key, FigureJson.Default.Figure, default);

        lock (seen)
        {
            Assert.Equal(
                [("cache.misses", "dashboard"), ("cache.hits", "dashboard")],
                seen.Where(s => s.Space is "dashboard").Select(s => (s.Name, (string)s.Space!)));
        }
    }

    [Fact]
    public void Namespaces_HaveTheirTimes() => Assert.Equal(
        ["dashboard 60", "reports 300"],
        new[] { CacheNamespace.Dashboard, CacheNamespace.Reports }.Select(n => $"{n.Name} {n.Ttl.TotalSeconds}"));

    /// <summary>Which load the value came from.</summary>
    private async Task<int> LoadAsync(Cache cache)
    {
        Figure figure = await cache.RememberAsync(
            Key, FigureJson.Default.Figure, _ => Task.FromResult(new Figure(Interlocked.Increment(ref _loads))),
            default);
        return figure.Value;
    }

    internal sealed record Figure(int Value);

    [JsonSerializable(typeof(Figure))]
    internal sealed partial class FigureJson : JsonSerializerContext;
}
