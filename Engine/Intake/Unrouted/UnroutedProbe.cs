using Npgsql;
using Vellarys.Health;

namespace Vellarys.Intake.Unrouted;

/// <summary>
/// How many events wait for a channel. Never a fault of ours: an account's own events belong to no number for good.
/// </summary>
internal sealed class UnroutedProbe(NpgsqlDataSource database, TimeProvider time) : IDependencyProbe
{
    public string Name => "unrouted";

    public async Task<DependencyState> CheckAsync(CancellationToken cancellationToken)
    {
        long waiting = await new UnroutedEvents(database, time).CountAsync(cancellationToken);
        var figures = new Dictionary<string, long> { ["events"] = waiting };
        return new DependencyState(DependencyLevel.Healthy, waiting == 0 ? "none" : "kept", figures);
    }
}
