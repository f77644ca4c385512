using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Vellarys.Functions.Redis;

/// <summary>
/// Asks the server how it is, every half minute at most whoever wants to know: its memory, what it evicts, and whether
/// it may. Keeps the metrics, and says once what an operator has to change.
/// </summary>
internal sealed class RedisLook(
    RedisConnection redis, RedisMetrics metrics, TimeProvider time, ILogger<RedisLook> logger)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    // The library takes a plain INFO for an administrator's command.
    private const string Info = "return redis.call('INFO', 'memory') .. redis.call('INFO', 'stats')";
    private volatile Look? _last;
    private string? _told;

    /// <summary>Null where it does not answer, or does not say.</summary>
    public async ValueTask<RedisMemory?> RunAsync()
    {
        if (_last is { } last && time.GetElapsedTime(last.At) < Every) return last.Found;
        RedisAnswer<RedisResult> answer = await redis.TryAsync("health", TryInfoAsync);
        RedisMemory? found = RedisMemory.Of((string?)answer.Value ?? "");
        // Without an answer nothing is remembered: whoever asks next looks again.
        if (!answer.Answered) return found;
        _last = new Look(found, time.GetTimestamp());
        metrics.Show(found);
        Tell(found);
        return found;
    }

    private void Tell(RedisMemory? found)
    {
        string? unfit = found is { MayEvict: false } memory ? memory.Policy : null;
        if (unfit is not null && Interlocked.Exchange(ref _told, unfit) != unfit) Log.EvictsNothing(logger, unfit);
        if (unfit is null) _told = null;
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
