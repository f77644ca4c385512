using Microsoft.Extensions.Logging;

namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>What a process with consumers does every two seconds besides consuming.</summary>
internal sealed class Housekeeping(
    DeadLeases deadLeases, TotalsWriter totals, QueueMetrics metrics, TimeProvider time, ILogger<Housekeeping> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await ReleaseAsync();
            await TryAsync("add up totals", totals.WriteAsync);
            await TryAsync("read gauges", metrics.RefreshAsync);
            await Task.Delay(Interval, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await TryAsync("add up totals", totals.WriteAsync);
    }

    /// <summary>Gives the messages of dead processes back. Never throws.</summary>
    public Task ReleaseAsync() => TryAsync("release dead leases", deadLeases.ReleaseAsync);

    private async Task TryAsync(string work, Func<Task> run)
    {
        try
        {
            await run();
        }
#pragma warning disable CA1031 // Each chore has its next turn in two seconds.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (TransientErrors.Is(e))
                Log.Unreachable(logger, "-", work, TransientErrors.Code(e), (int)Interval.TotalMilliseconds);
            else Log.ConsumerError(logger, "-", work, (int)Interval.TotalMilliseconds, e);
        }
    }
}
