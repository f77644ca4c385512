using Vellarys.Health;

namespace Vellarys.Intake.Unrouted;

/// <summary>
/// How many events wait for a channel, up to 1,000. Never a fault of ours: an account's own events belong to no number
/// for good.
/// </summary>
internal sealed class UnroutedProbe(UnroutedEvents events) : IDependencyProbe
{
    /// <summary>The report is open to all, and must cost little.</summary>
    private const int MostCounted = 1_000;

    public string Name => "unrouted";

    public DependencyLevel OnFailure => DependencyLevel.Degraded;

    public async Task<DependencyState> CheckAsync(CancellationToken cancellationToken)
    {
        long waiting = await events.CountAsync(MostCounted, cancellationToken);
        var figures = new Dictionary<string, long> { ["events"] = waiting };
        return new DependencyState(DependencyLevel.Healthy, waiting == 0 ? "none" : "kept", figures);
    }
}
