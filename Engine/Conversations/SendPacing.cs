using Vellarys.Channels;
using Vellarys.Limits;

namespace Vellarys.Conversations;

/// <summary>
/// Keeps a number within its provider's limits, together with all other instances. A short wait is spent in place, in
/// the order of asking; no connection is held there.
/// </summary>
public sealed class SendPacing(ILimits limits, LimitsOptions options, TimeProvider time)
{
    /// <summary>Half of the handlers: one busy number leaves the other half to everybody else.</summary>
    private const int MaxWaiting = 32;

    // A return costs two statements: not for less than this.
    private static readonly TimeSpan LeastReturn = TimeSpan.FromMilliseconds(250);

    private readonly LimitRule? _number = options.MessagesPerSecond == 0
        ? null
        : LimitRule.AtMost("number", options.MessagesPerSecond, TimeSpan.FromSeconds(1));

    private readonly LimitRule? _pair = options.PairInterval == TimeSpan.Zero
        ? null
        : LimitRule.OnAverage("pair", 1, options.PairInterval, options.PairBurst);

    private int _waiting;

    /// <summary>Null once the message may go; otherwise when it should come back.</summary>
    public async ValueTask<TimeSpan?> WaitAsync(
        SendPace pace, ChannelId channel, string to, CancellationToken cancellationToken)
    {
        LimitTake[] takes = [.. Takes(pace, channel, to)];
        if (takes.Length == 0) return null;
        bool crowded = Interlocked.Increment(ref _waiting) > MaxWaiting;
        try
        {
            TimeSpan patience = crowded ? TimeSpan.Zero : options.PaceWait;
            LimitVerdict verdict = await limits.TakeAsync(takes, patience, cancellationToken);
            if (!verdict.Allowed) return Later(verdict.Wait);
            if (verdict.Wait > TimeSpan.Zero) await Task.Delay(verdict.Wait, time, cancellationToken);
            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private IEnumerable<LimitTake> Takes(SendPace pace, ChannelId channel, string to)
    {
        string number = channel.ToString();
        switch (pace)
        {
            case SendPace.MetaRules:
                if (_number is not null) yield return new LimitTake(_number, number);
                if (_pair is not null) yield return new LimitTake(_pair, number + "/" + to);
                break;
            case SendPace.PerNumber rule:
                yield return new LimitTake(LimitRule.AtMost("number", rule.Messages, rule.Period), number);
                break;
        }
    }

    // What was refused together does not come back together.
    private static TimeSpan Later(TimeSpan wait) =>
        (wait > LeastReturn ? wait : LeastReturn) * (1 + Random.Shared.NextDouble() / 2);
}
