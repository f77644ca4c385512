using Vellarys.Channels;
using Vellarys.Limits;

namespace Vellarys.Conversations.Sending;

/// <summary>
/// Keeps a number within its provider's limits, together with all other instances. A very short wait is spent in place,
/// in the order of asking and without a connection; for a longer one the message goes back to its queue.
/// </summary>
public sealed class SendPacing(ILimits limits, LimitsOptions options, LimitMetrics metrics, TimeProvider time)
{
    private const string Number = "number";

    /// <summary>Half of the handlers: one busy number leaves the other half to everybody else.</summary>
    private const int MaxWaiting = 32;

    /// <summary>A return costs two statements: not for less than this.</summary>
    internal static readonly TimeSpan LeastReturn = TimeSpan.FromMilliseconds(250);

    // Whatever the limits say: a wait that is wrong must not last.
    private static readonly TimeSpan LongestReturn = TimeSpan.FromSeconds(30);

    private readonly LimitRule? _number = options.MessagesPerSecond == 0
        ? null
        : LimitRule.Evenly(Number, options.MessagesPerSecond, TimeSpan.FromSeconds(1));

    private readonly LimitRule? _pair = options.PairInterval == TimeSpan.Zero
        ? null
        : LimitRule.OnAverage("pair", 1, options.PairInterval, options.PairBurst);

    private readonly SendLine _line = new(time);
    private readonly SendWindow _window = new(time);
    private int _waiting;

    /// <summary>How many messages a number sends in a second at most; null where nobody counts.</summary>
    public double? PerSecond(SendPace pace) => pace switch
    {
        SendPace.MetaRules => _number?.PerSecond,
        SendPace.PerNumber rule => rule.Messages / rule.Period.TotalSeconds,
        _ => null,
    };

    /// <summary>Null once the message may go; otherwise when it should come back, which is never at once.</summary>
    public async ValueTask<TimeSpan?> WaitAsync(
        SendPace pace, ChannelId channel, string to, CancellationToken cancellationToken)
    {
        LimitTake[] takes = [.. Takes(pace, channel, to)];
        if (takes.Length == 0) return null;
        if (cancellationToken.IsCancellationRequested) return LeastReturn;
        bool crowded = Interlocked.Increment(ref _waiting) > MaxWaiting;
        try
        {
            TimeSpan patience = crowded ? TimeSpan.Zero : options.PaceWait;
            LimitVerdict verdict = await limits.TakeAsync(takes, patience, CancellationToken.None);
            if (!verdict.Allowed) return Later(verdict, channel, takes[0].Rule);
            if (verdict.Wait == TimeSpan.Zero || await SatOutAsync(verdict.Wait, cancellationToken)) return null;
            // Its place goes to others, and the message to whoever runs next.
            await GiveBackAsync(pace, channel, to);
            return LeastReturn;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>
    /// The last step before a send, of what may go: a place to be disposed of once it was answered. Null: too many are
    /// on their way, and it should come back after <see cref="LeastReturn"/>.
    /// </summary>
    internal async ValueTask<IDisposable?> EnterAsync(
        SendPace pace, ChannelId channel, CancellationToken cancellationToken)
    {
        (int limit, TimeSpan period) = pace switch
        {
            SendPace.MetaRules => (options.MessagesPerSecond, TimeSpan.FromSeconds(1)),
            SendPace.PerNumber rule => (rule.Messages, rule.Period),
            _ => default,
        };
        if (limit == 0) return Nothing.Instance;
        bool crowded = Interlocked.Increment(ref _waiting) > MaxWaiting;
        try
        {
            TimeSpan patience = crowded ? TimeSpan.Zero : options.PaceWait;
            return await _window.EnterAsync(channel, limit, period, patience, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>What <see cref="WaitAsync"/> took for a message that did not leave goes to others.</summary>
    internal async ValueTask GiveBackAsync(SendPace pace, ChannelId channel, string to)
    {
        LimitTake[] back = [.. Takes(pace, channel, to).Select(take => take with { Cost = -take.Cost })];
        if (back.Length > 0) await limits.ChargeAsync(back, CancellationToken.None);
    }

    /// <summary>False when the host stops.</summary>
    private async ValueTask<bool> SatOutAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(wait, time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
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
                yield return new LimitTake(LimitRule.Evenly(Number, rule.Messages, rule.Period), number);
                break;
        }
    }

    // What was refused together does not come back together.
    private TimeSpan Later(LimitVerdict verdict, ChannelId channel, LimitRule number)
    {
        metrics.Refused(verdict.Bucket);
        TimeSpan wait = verdict.Wait > LongestReturn ? LongestReturn : verdict.Wait;
        if (wait < LeastReturn) wait = LeastReturn;
        return verdict.Bucket == Number
            ? _line.Join(channel, wait, number.PerSecond)
            : wait * (1 + Random.Shared.NextDouble() / 2);
    }

    private sealed class Nothing : IDisposable
    {
        public static readonly Nothing Instance = new();

        public void Dispose()
        {
        }
    }
}
