using System.Runtime.CompilerServices;

namespace Vellarys.Channels.ZApi;

/// <summary>When a channel's line was last looked at; gone when the directory lets go of the channel.</summary>
internal sealed class ZApiLine(TimeProvider time)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);
    private readonly ConditionalWeakTable<Channel, StrongBox<long>> _lookedAt = [];

    /// <summary>Whether it is time to look; whoever asks is taken to do so.</summary>
    public bool IsDue(Channel channel)
    {
        StrongBox<long> looked = _lookedAt.GetValue(channel, _ => new StrongBox<long>(long.MinValue));
        long last = Interlocked.Read(ref looked.Value);
        if (last != long.MinValue && time.GetElapsedTime(last) < Every) return false;
        return Interlocked.CompareExchange(ref looked.Value, time.GetTimestamp(), last) == last;
    }

    /// <summary>The next send looks again.</summary>
    public void Forget(Channel channel) => _lookedAt.Remove(channel);
}
