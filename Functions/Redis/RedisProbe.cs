using StackExchange.Redis;
using Vellarys.Health;

namespace Vellarys.Functions.Redis;

/// <summary>
/// Whether instances hear each other, and whether Redis has memory left; looked at every half minute at most. Never a
/// reason to stop: each goes on by itself.
/// </summary>
internal sealed class RedisProbe(RedisConnection redis, TimeProvider time) : IDependencyProbe
{
    // The library takes a plain INFO for an administrator's command.
    private const string Info = "return redis.call('INFO', 'memory')";
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);
    private volatile Look? _last;

    public string Name => "redis";

    public DependencyLevel OnFailure => DependencyLevel.Degraded;

    public async Task<DependencyState> CheckAsync(CancellationToken cancellationToken)
    {
        if (!redis.IsUp) return new DependencyState(DependencyLevel.Degraded, "away");
        if (_last is not { } look || time.GetElapsedTime(look.At) >= Memory) look = await LookAsync();
        return look.Found switch
        {
            null => new DependencyState(DependencyLevel.Healthy, "up"),
            { IsScarce: true } scarce => new DependencyState(
                DependencyLevel.Degraded, "low memory", scarce.Figures()),
            { } enough => new DependencyState(DependencyLevel.Healthy, "up", enough.Figures()),
        };
    }

    private async ValueTask<Look> LookAsync()
    {
        RedisAnswer<RedisResult> answer = await redis.TryAsync("health", TryInfoAsync);
        Look look = new(RedisMemory.Of((string?)answer.Value ?? ""), time.GetTimestamp());
        // Without an answer nothing is remembered: the next check looks again.
        if (answer.Answered) _last = look;
        return look;
    }

    // A user that may not ask for it is no trouble with the server.
    private static async Task<RedisResult> TryInfoAsync(IDatabase database)
    {
        try
        {
            return await database.ScriptEvaluateAsync(Info);
        }
        catch (Exception e) when (e is RedisServerException or RedisCommandException)
        {
            return RedisResult.Create(RedisValue.EmptyString);
        }
    }

    private sealed record Look(RedisMemory? Found, long At);
}
