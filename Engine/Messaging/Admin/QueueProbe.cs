using Vellarys.Health;
using Vellarys.Messaging.Broker;

namespace Vellarys.Messaging.Admin;

/// <summary>Whether messages are handed out in time.</summary>
internal sealed class QueueProbe(OldestWaiting oldest) : IDependencyProbe
{
    /// <summary>Longer than any burst of work should keep a due message waiting.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    public string Name => "queue";

    /// <summary>The database has a line of its own.</summary>
    public DependencyLevel OnFailure => DependencyLevel.Degraded;

    public async Task<DependencyState> CheckAsync(CancellationToken cancellationToken)
    {
        BrokerAge age = await oldest.RunAsync(cancellationToken);
        TimeSpan waiting = age.Oldest ?? TimeSpan.Zero;
        var figures = new Dictionary<string, long> { ["oldestWaitingMs"] = (long)waiting.TotalMilliseconds };
        if (waiting > Late) return new DependencyState(DependencyLevel.Degraded, "behind", figures);
        // Much that is due later is no trouble; only, nobody sees past it, and a figure would be made up.
        return age.IsKnown
            ? new DependencyState(DependencyLevel.Healthy, "up", figures)
            : new DependencyState(DependencyLevel.Healthy, "unknown");
    }
}
