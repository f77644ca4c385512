using Microsoft.Extensions.Logging;
using Vellarys.Jobs;

namespace Vellarys.Messaging.Broker;

/// <summary>
/// Relays what no relay took after its commit: the process died in between, the broker was away, or a job wrote it.
/// </summary>
public sealed class RelayLeftovers(
    RelayOutbox relay, QueueMetrics metrics, OutboxMetrics outbox, ILogger<RelayLeftovers> logger) : IJob
{
    public JobSchedule Schedule => JobSchedules.RelayOutbox;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await relay.RunAsync(cancellationToken);
        }
        finally
        {
            // How long the outbox waits is asked for just when the relay fails.
            await TryAsync(outbox.RefreshAsync);
            await TryAsync(metrics.RefreshAsync);
        }
    }

    private async Task TryAsync(Func<Task> read)
    {
        try
        {
            await read();
        }
#pragma warning disable CA1031 // Gauges are read again with the next run: what was relayed is relayed.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.GaugesNotRead(logger, Failure.Of(e).Code);
        }
    }
}
