using StackExchange.Redis;
using Vellarys.Limits;

namespace Vellarys.Functions.Redis;

/// <summary>
/// The buckets of all instances, by Redis' clock. While Redis is away each instance keeps its share of every limit.
/// </summary>
internal sealed class RedisLimits(RedisConnection redis, RedisKeys keys, RedisOptions options, TimeProvider time)
    : ILimits
{
    private const string ServersClock = "";
    private static readonly string Script = RedisScript.Read("take.lua");

    private readonly LocalLimits _own = new(time);

    public async ValueTask<LimitVerdict> TakeAsync(
        IReadOnlyList<LimitTake> takes, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (takes.Count == 0) return LimitVerdict.Go;
        RedisAnswer<RedisResult> answer = await RunAsync("take", patience, takes, t => t.Increment);
        if (!answer.Answered) return await _own.TakeAsync(Share(takes), patience, cancellationToken);
        var parts = (long[])answer.Value!;
        int which = (int)parts[2];
        return new LimitVerdict(
            parts[0] == 1, TimeSpan.FromMicroseconds(parts[1]), which == 0 ? null : takes[which - 1].Rule.Name);
    }

    public async ValueTask ChargeAsync(IReadOnlyList<LimitTake> takes, CancellationToken cancellationToken)
    {
        if (takes.Count == 0) return;
        RedisAnswer<RedisResult> answer = await RunAsync("charge", TimeSpan.Zero, takes, t => t.Increment);
        if (!answer.Answered) await _own.ChargeAsync(Share(takes), cancellationToken);
    }

    public async ValueTask BlockAsync(
        LimitRule rule, string subject, TimeSpan pause, CancellationToken cancellationToken)
    {
        // Here too, for the case that Redis goes away while it lasts.
        await _own.BlockAsync(rule, subject, pause, cancellationToken);
        await RunAsync("block", TimeSpan.Zero, [new LimitTake(rule, subject)], _ => (long)pause.TotalMicroseconds);
    }

    private ValueTask<RedisAnswer<RedisResult>> RunAsync(
        string mode, TimeSpan patience, IReadOnlyList<LimitTake> takes, Func<LimitTake, long> increment)
    {
        var names = new RedisKey[takes.Count];
        var arguments = new RedisValue[3 + 3 * takes.Count];
        arguments[0] = mode;
        arguments[1] = ServersClock;
        arguments[2] = (long)patience.TotalMicroseconds;
        for (int i = 0; i < takes.Count; i++)
        {
            names[i] = keys.Bucket(takes[i].Rule.Name, takes[i].Subject);
            arguments[3 + 3 * i] = increment(takes[i]);
            arguments[4 + 3 * i] = takes[i].Tolerance;
            arguments[5 + 3 * i] = takes[i].Furthest;
        }

        return redis.TryAsync("limits", database => database.ScriptEvaluateAsync(Script, names, arguments));
    }

    private LimitTake[] Share(IReadOnlyList<LimitTake> takes) =>
        [.. takes.Select(take => take with { Rule = take.Rule.Share(options.Instances) })];
}
