using StackExchange.Redis;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Redis;

/// <summary>
/// What any instance sent last. Together with what this one did: Redis may have been away when that was written, or
/// have begun anew.
/// </summary>
internal sealed class RedisLastSent(RedisConnection redis, RedisKeys keys, TimeProvider time) : ILastSent
{
    private const string Operation = "order";
    private static readonly string Script = RedisScript.Read("sent.lua");

    // An instance that has just started knows nothing itself: it waits a moment for who does, and never again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly LocalLastSent _here = new(time);
    private readonly Task _known = redis.First.WaitAsync(Patience, time);

    public async ValueTask<IReadOnlyList<SentMessage>> ReadAsync(Guid orderKey, CancellationToken cancellationToken)
    {
        if (!_known.IsCompleted) await _known.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        RedisAnswer<RedisValue[]> answer = await redis.TryAsync(
            Operation, database => database.ListRangeAsync(keys.LastSent(orderKey), 0, SentMessages.Kept - 1));
        IReadOnlyList<SentMessage> here = await _here.ReadAsync(orderKey, cancellationToken);
        if (!answer.Answered) return here;
        IEnumerable<SentMessage> there = answer.Value!
            .Select(value => SealedMessage.Open(orderKey, (byte[])value!)).OfType<SentMessage>();
        return SentMessages.Merge(here, there);
    }

    public async ValueTask AddAsync(
        Guid orderKey, IReadOnlyList<SentMessage> sent, CancellationToken cancellationToken)
    {
        await _here.AddAsync(orderKey, sent, cancellationToken);
        RedisValue[] arguments =
        [
            (long)SentMessages.Window.TotalMilliseconds, SentMessages.Kept,
            .. sent.Select(message => (RedisValue)SealedMessage.Seal(orderKey, message)),
        ];
        await redis.TryAsync(
            Operation, database => database.ScriptEvaluateAsync(Script, [keys.LastSent(orderKey)], arguments));
    }
}
