using System.Collections.Concurrent;
using StackExchange.Redis;
using Vellarys.Assistant.Model;

namespace Vellarys.Functions.Redis;

/// <summary>
/// What instances know of each other's circuits. Looked at once a second at most; while Redis is away each instance
/// goes by its own breaker.
/// </summary>
internal sealed class RedisCircuit(RedisConnection redis, RedisKeys keys, TimeProvider time) : ISharedCircuit
{
    private const string Operation = "circuit";
    private static readonly string Script = RedisScript.Read("circuit.lua");
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1);

    // One entry for each deployment of the installation.
    private readonly ConcurrentDictionary<string, (SharedCircuit Seen, long At)> _seen = new();

    public async ValueTask<SharedCircuit> LookAsync(
        string deployment, TimeSpan probe, CancellationToken cancellationToken)
    {
        if (_seen.TryGetValue(deployment, out (SharedCircuit Seen, long At) last)
            && time.GetElapsedTime(last.At) < Memory) return last.Seen;
        RedisAnswer<RedisResult> answer = await RunAsync("look", deployment, probe);
        SharedCircuit found = answer.Answered ? Read((long[])answer.Value!) : SharedCircuit.Closed;
        if (found.State != SharedCircuitState.Probe) _seen[deployment] = (found, time.GetTimestamp());
        return found;
    }

    public async ValueTask OpenedAsync(string deployment, TimeSpan breakDuration, CancellationToken cancellationToken)
    {
        await RunAsync("open", deployment, breakDuration);
        _seen.TryRemove(deployment, out _);
    }

    public async ValueTask ClosedAsync(string deployment, CancellationToken cancellationToken)
    {
        await redis.TryAsync(Operation, database => database.KeyDeleteAsync(keys.Circuit(deployment)));
        _seen.TryRemove(deployment, out _);
    }

    public async ValueTask ReleaseAsync(string deployment, CancellationToken cancellationToken) =>
        await redis.TryAsync(Operation, database => database.KeyDeleteAsync(keys.Circuit(deployment)[2]));

    private ValueTask<RedisAnswer<RedisResult>> RunAsync(string mode, string deployment, TimeSpan span) =>
        redis.TryAsync(Operation, database => database.ScriptEvaluateAsync(
            Script, keys.Circuit(deployment), [mode, (long)span.TotalMilliseconds]));

    private static SharedCircuit Read(long[] parts) => parts[0] switch
    {
        0 => SharedCircuit.Closed,
        1 => SharedCircuit.Open(TimeSpan.FromMilliseconds(parts[1])),
        _ => SharedCircuit.Probe,
    };
}
