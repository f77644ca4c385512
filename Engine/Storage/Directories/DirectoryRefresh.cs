using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Vellarys.Storage.Directories;

/// <summary>
/// Fills the directories before the host takes its first webhook, and renews them every 30 seconds: what another
/// instance changed is known here no later than that, and at once while <see cref="DirectoryListener"/> hears of it.
/// </summary>
internal sealed class DirectoryRefresh(
    IEnumerable<IRefreshed> directories, TimeProvider time, ILogger<DirectoryRefresh> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync().WaitAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await RefreshAsync();
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task RefreshAsync()
    {
        foreach (IRefreshed directory in directories)
        {
            try
            {
                await directory.RefreshAsync();
            }
            catch (Exception e) when (e is TransientFault or PermanentFault)
            {
                Log.DirectoryStale(logger, directory.GetType().Name, e);
            }
        }
    }
}
