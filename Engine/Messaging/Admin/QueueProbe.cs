using Vellarys.Health;

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
        TimeSpan waiting = await oldest.RunAsync(cancellationToken) ?? TimeSpan.Zero;
        var figures = new Dictionary<string, long> { ["oldestWaitingMs"] = (long)waiting.TotalMilliseconds };
        return waiting > Late
            ? new DependencyState(DependencyLevel.Degraded, "behind", figures)
            : new DependencyState(DependencyLevel.Healthy, "up", figures);
    }
}
