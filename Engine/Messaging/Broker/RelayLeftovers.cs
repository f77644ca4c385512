using Vellarys.Jobs;

namespace Vellarys.Messaging.Broker;

/// <summary>
/// Relays what no relay took after its commit: the process died in between, the broker was away, or a job wrote it.
/// </summary>
public sealed class RelayLeftovers(RelayOutbox relay, QueueMetrics metrics) : IJob
{
    public JobSchedule Schedule => JobSchedules.RelayOutbox;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await relay.RunAsync(cancellationToken);
        await metrics.RefreshAsync();
    }
}
