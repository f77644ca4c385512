using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Vellarys.Functions.Redis;
using Vellarys.Health;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Functions.Redis;

/// <summary>What a real server says of itself: in health, in the log, as metrics.</summary>
public sealed class RedisLookTests : IAsyncLifetime
{
    private RedisProcess _redis = null!;
    private RedisInstance _one = null!;

    public async Task InitializeAsync()
    {
        _redis = await RedisProcess.StartAsync();
        _one = await RedisInstance.StartAsync(_redis);
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Theory]
    [InlineData("allkeys-lru", true)]
    [InlineData("allkeys-lfu", true)]
    [InlineData("volatile-lru", true)]
    [InlineData("volatile-ttl", true)]
    [InlineData("noeviction", false)]
    public async Task Policy_ThatMakesNoRoom_IsDegradedAndSaidOnce(string policy, bool isFit)
    {
        await _redis.RunAsync("CONFIG", "SET", "maxmemory-policy", policy);
        for (int look = 0; look < 3; look++)
        {
            DependencyState state = await _one.Probe.CheckAsync(default);
            Assert.Equal(
                isFit ? (DependencyLevel.Healthy, "up") : (DependencyLevel.Degraded, "evicts nothing"),
                (state.Level, state.State));
            _one.Time.Advance(RedisLook.Every);
        }

        Assert.Equal(isFit ? 0 : 1, _one.Said.Lines.Count);
        Assert.All(_one.Said.Lines, said =>
        {
            Assert.Equal(LogLevel.Warning, said.Level);
            Assert.Contains(policy, said.Line, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Memory_FullServerEvicts_IsMeasured()
    {
        await _redis.RunAsync("CONFIG", "SET", "maxmemory", "2mb");
        string large = new('x', 10_000);
        for (int i = 0; i < 300; i++) await _redis.RunAsync("SET", $"key{i}", large);
        await _one.Probe.CheckAsync(default);

        Dictionary<string, long> figures = Measure(_one.Meters);

        Assert.InRange(figures["redis.memory.usage"], 1, 3 << 20);
        Assert.Equal(2 << 20, figures["redis.memory.limit"]);
        Assert.InRange(figures["redis.evicted"], 1, 300);
        Assert.True(figures.ContainsKey("redis.commands"));
    }

    [Fact]
    public void Rate_AsTheServerSaysIt_IsRead() =>
        Assert.Equal(42, RedisMemory.Of("used_memory:1\r\ninstantaneous_ops_per_sec:42\r\n")!.Value.Rate);

    [Fact]
    public void Connection_ItsTimes_AreSaidOutright()
    {
        var options = _one.Connection.Configuration();

        Assert.Equal(
            (3, 5_000, 5_000, 30),
            (options.ConnectRetry, options.ConnectTimeout, options.SyncTimeout, options.KeepAlive));
        Assert.False(options.AbortOnConnectFail);
    }

    private static Dictionary<string, long> Measure(IMeterFactory meters)
    {
        ConcurrentDictionary<string, long> figures = new();
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => figures[instrument.Name] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return new Dictionary<string, long>(figures);
    }
}
