

namespace Vellarys.Conversations.Sending;

/// <summary>
/// When the messages that a number had no room for come back: one after the other, as fast as the number sends, so that
/// each finds room when it does. A matter of this process alone, and no promise: what gets out of step asks again.
/// </summary>
internal sealed class SendLine(TimeProvider time)
{
    private const int FirstSweep = 256;

    // Room for those who come fresh: a line at full speed would leave them none.
    private const double Slack = 1.01;

    // A line may be longer than what is left of its reason, and nobody is called out of it.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<ChannelId, TimeSpan> _ends = [];
    private readonly long _start = time.GetTimestamp();
    private int _sweepAt = FirstSweep;

    /// <param name="least">Not before that.</param>
    /// <param name="perSecond">How fast the number sends.</param>
    /// <returns>How long until it is this one's turn.</returns>
    public TimeSpan Join(ChannelId number, TimeSpan least, double perSecond)
    {
        TimeSpan now = time.GetElapsedTime(_start);
        lock (_gate)
        {
            TimeSpan end = _ends.GetValueOrDefault(number);
            TimeSpan turn = end > now + least ? end : now + least;
            if (turn - now > Longest) return Longest * (0.5 + Random.Shared.NextDouble() / 2);
            _ends[number] = turn + TimeSpan.FromSeconds(Slack / perSecond);
            SweepSometimes(now);
            return turn - now;
        }
    }

    private void SweepSometimes(TimeSpan now)
    {
        if (_ends.Count < _sweepAt) return;
        foreach ((ChannelId number, TimeSpan end) in _ends)
        {
            if (end <= now) _ends.Remove(number);
        }

        _sweepAt = Math.Max(FirstSweep, 2 * _ends.Count);
    }
}
