using StackExchange.Redis;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Redis;

/// <summary>What any instance sent last; while Redis is away, what this one did.</summary>
internal sealed class RedisLastSent(RedisConnection redis, RedisKeys keys, TimeProvider time) : ILastSent
{
    private const string Operation = "order";
    private const char Between = '\n';

    // An instance that has just started knows nothing itself: it waits a moment for who does, and never again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly LocalLastSent _here = new(time);
    private readonly Task _known = redis.First.WaitAsync(Patience, time);

    public async ValueTask<SentMessage?> ReadAsync(Guid orderKey, CancellationToken cancellationToken)
    {
        if (!_known.IsCompleted) await _known.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        RedisAnswer<RedisValue> answer = await redis.TryAsync(
            Operation, database => database.StringGetAsync(keys.LastSent(orderKey)));
        return answer is { Answered: true, Value.IsNull: false }
            ? Read(answer.Value.ToString())
            : await _here.ReadAsync(orderKey, cancellationToken);
    }

    public async ValueTask WriteAsync(Guid orderKey, SentMessage message, CancellationToken cancellationToken)
    {
        await _here.WriteAsync(orderKey, message, cancellationToken);
        string value = $"{message.Subject}{Between}{message.Follows}";
        await redis.TryAsync(
            Operation,
            database => database.StringSetAsync(keys.LastSent(orderKey), value, LocalLastSent.Window));
    }

    private static SentMessage Read(string value)
    {
        int between = value.LastIndexOf(Between);
        string follows = value[(between + 1)..];
        return new SentMessage(value[..between], follows.Length == 0 ? null : follows);
    }
}
