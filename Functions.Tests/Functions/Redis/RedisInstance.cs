using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Functions.Redis;
using Vellarys.Realtime;
using Vellarys.Tests.Assistant;
using Vellarys.Tests.Conversations;
using Vellarys.Tests.Support;

namespace Vellarys.Tests.Functions.Redis;

/// <summary>One instance of the app, as far as Redis goes, with a connection of its own.</summary>
internal sealed class RedisInstance : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private RedisInstance(int port, TimeSpan patience)
    {
        RedisOptions options = new()
        {
            ConnectionString = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
            CommandTimeout = patience, Rest = TimeSpan.FromMilliseconds(500), Instances = 2,
        };
        RedisKeys keys = new(options);
        RedisMetrics metrics = new(_services.GetRequiredService<IMeterFactory>());
        Connection = new RedisConnection(
            options, metrics, TimeProvider.System, NullLogger<RedisConnection>.Instance);
        Limits = new RedisLimits(Connection, keys, options, TimeProvider.System);
        Circuit = new RedisCircuit(Connection, keys, Time);
        Cache = new RedisCacheStore(Connection, keys, TimeProvider.System);
        LastSent = new RedisLastSent(Connection, keys, Time);
        Realtime = new RedisRealtime(Heard, Connection, keys, TimeProvider.System);
        Probe = new RedisProbe(Connection, new RedisLook(Connection, metrics, Time, Said));
    }

    public RedisConnection Connection { get; }

    public RedisLimits Limits { get; }

    public RedisCircuit Circuit { get; }

    public RedisCacheStore Cache { get; }

    public RedisLastSent LastSent { get; }

    public RedisRealtime Realtime { get; }

    public RedisProbe Probe { get; }

    /// <summary>What it said of the server.</summary>
    public LineLogger<RedisLook> Said { get; } = new();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    /// <summary>What its watchers were told.</summary>
    public Watchers Heard { get; } = new();

    /// <summary>How long ago the circuit and the probe looked.</summary>
    public ManualTime Time { get; } = new();

    /// <param name="patience">With one command. Ample, so that a busy machine is not taken for a slow Redis.</param>
    public static async Task<RedisInstance> StartAsync(RedisProcess redis, TimeSpan? patience = null)
    {
        RedisInstance instance = new(redis.Port, patience ?? TimeSpan.FromSeconds(5));
        await instance.Realtime.StartAsync(default);
        await instance.Connection.StartAsync(default);
        await instance.IsUsedAsync();
        return instance;
    }

    /// <summary>Waits until Redis answers this instance.</summary>
    public Task IsUsedAsync() => UntilAsync(async () => (await PingAsync()).Answered);

    public ValueTask<RedisAnswer<TimeSpan>> PingAsync() =>
        Connection.TryAsync("test", database => database.PingAsync());

    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        // Only so that a failure ends the test: far beyond what it takes.
        using CancellationTokenSource end = new(TimeSpan.FromMinutes(2));
        while (!await holds()) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, end.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Realtime.StopAsync(default);
        await Connection.DisposeAsync();
        await _services.DisposeAsync();
    }
}

internal sealed class Watchers : ILocalRealtime
{
    private readonly ConcurrentQueue<RealtimeEvent> _heard = new();

    public RealtimeEvent[] All => [.. _heard];

    public void Publish(RealtimeEvent happened) => _heard.Enqueue(happened);
}

/// <summary>What is in a server.</summary>
internal static class RedisContents
{
    /// <summary>Every key and how long it will still be there; -1 ms: for ever.</summary>
    public static async Task<List<(string Key, TimeSpan Left)>> KeysAsync(this RedisProcess redis)
    {
        await using RespClient client = await RespClient.ConnectAsync(redis.Port);
        var names = (object?[])((object?[])(await client.CallAsync("SCAN", "0", "COUNT", "10000"))!)[1]!;
        List<(string, TimeSpan)> keys = [];
        foreach (string name in names.Cast<string>())
            keys.Add((name, TimeSpan.FromMilliseconds((long)(await client.CallAsync("PTTL", name))!)));
        return keys;
    }

    public static async Task<object?> RunAsync(this RedisProcess redis, params string[] words)
    {
        await using RespClient client = await RespClient.ConnectAsync(redis.Port);
        return await client.CallAsync(words);
    }
}
