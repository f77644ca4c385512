using System.Diagnostics;
using Vellarys.Assistant.Model;
using Vellarys.Caching;
using Vellarys.Limits;
using Vellarys.Realtime;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Functions.Redis;

/// <summary>Redis gone or stalled: callers get their answers all the same, and it is used again afterwards.</summary>
public sealed class RedisOutageTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly LimitRule Ten = LimitRule.OnAverage("ten", 1, Hour, 10);
    private static readonly TenantId Tenant = new(Ids.New(TimeProvider.System));

    private RedisProcess _redis = null!;

    public async Task InitializeAsync() => _redis = await RedisProcess.StartAsync();

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public async Task Killed_UnderLoad_CallersAreAnsweredAndItIsUsedAgainOnceItIsBack()
    {
        await using RedisInstance one = await RedisInstance.StartAsync(_redis);
        using CancellationTokenSource end = new();
        int rounds = 0;
        Task[] load = [.. Enumerable.Range(0, 8).Select(n => Task.Run(async () =>
        {
            for (int i = 0; !end.IsCancellationRequested; i++)
            {
                await RoundAsync(one, $"{n}/{i}");
                Interlocked.Increment(ref rounds);
            }
        }))];
        await MoreAsync(50);
        _redis.Kill();
        await RedisInstance.UntilAsync(async () => !(await one.PingAsync()).Answered);
        await MoreAsync(200);
        Assert.Equal(5, await AllowedAsync(one, "share"));
        Assert.Equal("away", (await one.Probe.CheckAsync(default)).State);
        await _redis.StartAgainAsync();
        await one.IsUsedAsync();
        await MoreAsync(50);
        await end.CancelAsync();
        await Task.WhenAll(load);

        await RedisInstance.UntilAsync(() => Task.FromResult(one.Connection.IsUp));
        Assert.Equal(10, await AllowedAsync(one, "whole"));
        Assert.NotEmpty(await _redis.KeysAsync());
        await HearsAsync(one);

        // Fails with the load's own exception, should there be one.
        Task MoreAsync(int more)
        {
            int enough = Volatile.Read(ref rounds) + more;
            return RedisInstance.UntilAsync(async () =>
            {
                if (Array.Find(load, t => t.IsFaulted) is { } broken) await broken;
                return Volatile.Read(ref rounds) >= enough;
            });
        }
    }

    [Fact]
    public async Task Stalled_CallersAreNotHeldForLong_AndItIsUsedAgainOnceItGoesOn()
    {
        await using RedisInstance one = await RedisInstance.StartAsync(_redis, TimeSpan.FromMilliseconds(250));
        await _redis.HaltAsync();
        TimeSpan longest = TimeSpan.Zero;
        for (int i = 0; i < 50; i++)
        {
            long started = Stopwatch.GetTimestamp();
            await RoundAsync(one, $"{i}");
            TimeSpan taken = Stopwatch.GetElapsedTime(started);
            if (taken > longest) longest = taken;
        }

        // Five commands of a quarter of a second in a round, and as much again for each on a machine that is busy;
        // without the time limit a round would never end.
        Assert.InRange(longest, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.False((await one.PingAsync()).Answered);
        await _redis.GoOnAsync();
        await one.IsUsedAsync();
    }

    private static async Task RoundAsync(RedisInstance one, string subject)
    {
        LimitVerdict verdict = await one.Limits.TakeAsync([new(Ten, subject)], TimeSpan.Zero, default);
        Assert.True(verdict.Allowed);
        SharedCircuit circuit = await one.Circuit.LookAsync("gpt", Hour, default);
        Assert.Equal(SharedCircuit.Closed, circuit);
        CacheKey key = new(CacheNamespace.Dashboard, Tenant, subject);
        CacheRead read = await one.Cache.ReadAsync(key, default);
        Assert.Null(read.Value);
        await one.Cache.WriteAsync(key, read.Generation, new byte[] { 1 }, key.Namespace.Ttl, default);
        one.Realtime.Publish(new RealtimeEvent(Tenant, new ConversationId(Ids.New(TimeProvider.System)), "message"));
    }

    private static async Task<int> AllowedAsync(RedisInstance one, string subject)
    {
        int allowed = 0;
        for (int i = 0; i < 20; i++)
        {
            if ((await one.Limits.TakeAsync([new(Ten, subject)], TimeSpan.Zero, default)).Allowed) allowed++;
        }

        return allowed;
    }

    // The subscription comes back with the connection, a moment later.
    private async Task HearsAsync(RedisInstance one)
    {
        await using RedisInstance other = await RedisInstance.StartAsync(_redis);
        RealtimeEvent happened = new(Tenant, new ConversationId(Ids.New(TimeProvider.System)), "handoff");
        await RedisInstance.UntilAsync(() =>
        {
            other.Realtime.Publish(happened);
            return Task.FromResult(one.Heard.All.Contains(happened));
        });
    }
}
