using Microsoft.Extensions.Hosting;

namespace Vellarys.Functions.Redis;

/// <summary>Looks as soon as there is a connection, and then whether anybody asks for health or not.</summary>
internal sealed class RedisWatch(RedisConnection redis, RedisLook look, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await redis.First.WaitAsync(stoppingToken);
        using PeriodicTimer tick = new(RedisLook.Every, time);
        do
        {
            await look.RunAsync();
        }
        while (await tick.WaitForNextTickAsync(stoppingToken));
    }
}
