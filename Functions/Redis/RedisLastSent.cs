using StackExchange.Redis;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Redis;

/// <summary>What any instance sent last; while Redis is away, what this one did.</summary>
internal sealed class RedisLastSent(RedisConnection redis, RedisKeys keys, TimeProvider time) : ILastSent
{
    private const string Operation = "order";

    // An instance that has just started knows nothing itself: it waits a moment for who does, and never again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly LocalLastSent _here = new(time);
    private readonly Task _known = redis.First.WaitAsync(Patience, time);

    public async ValueTask<string?> ReadAsync(Guid orderKey, CancellationToken cancellationToken)
    {
        if (!_known.IsCompleted) await _known.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        RedisAnswer<RedisValue> answer = await redis.TryAsync(
            Operation, database => database.StringGetAsync(keys.LastSent(orderKey)));
        return answer is { Answered: true, Value.IsNull: false }
            ? answer.Value.ToString()
            : await _here.ReadAsync(orderKey, cancellationToken);
    }

    public async ValueTask WriteAsync(Guid orderKey, string subject, CancellationToken cancellationToken)
    {
        await _here.WriteAsync(orderKey, subject, cancellationToken);
        await redis.TryAsync(
            Operation,
            database => database.StringSetAsync(keys.LastSent(orderKey), subject, LocalLastSent.Window));
    }
}
