using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Vellarys.Storage.Directories;

/// <summary>
/// Hears from the database of every change to a table that a directory keeps a copy of, whoever made it, and has the
/// copy renewed. While it cannot, <see cref="DirectoryRefresh"/> has to do.
/// </summary>
internal sealed class DirectoryListener(
    ListenSource source, IEnumerable<IRefreshed> directories, TimeProvider time, ILogger<DirectoryListener> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The session's own boundary: without it changes are known later, and that is all.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Log.ListenLost(logger, TransientErrors.Code(e));
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        await using NpgsqlConnection session = await source.OpenAsync(stop);
        var changed = new HashSet<string>(StringComparer.Ordinal);
        session.Notification += (_, notification) => changed.Add(notification.Payload);
        await using (NpgsqlCommand listen = new("listen vellarys_directories", session))
            await listen.ExecuteNonQueryAsync(stop);
        // What changed while nobody listened.
        changed.UnionWith(directories.Select(directory => directory.Table));
        while (true)
        {
            await RenewAsync(changed);
            changed.Clear();
            await session.WaitAsync(stop);
        }
    }

    private async Task RenewAsync(HashSet<string> tables)
    {
        foreach (IRefreshed directory in directories.Where(d => tables.Contains(d.Table)))
        {
            // First, so that whoever looks meanwhile waits for what is read now.
            directory.Invalidate();
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
