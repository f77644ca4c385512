using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Vellarys.Storage.Schema;

/// <summary>
/// Readies the database before other services of the host start, or stops it with the reason. A host that does not
/// migrate starts without the database too: it can take webhooks, and looks at its role once the database is there.
/// </summary>
internal sealed class StorageStart(
    StorageOptions options, Migrator migrator, NpgsqlDataSource app, IHostApplicationLifetime host, TimeProvider time,
    ILogger<StorageStart> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (options.MigrateAtStart) await migrator.RunAsync(cancellationToken);
        try
        {
            await AppRole.CheckAsync(app, cancellationToken);
        }
        catch (NpgsqlException e) when (!options.MigrateAtStart && TransientErrors.HitsEveryItem(e))
        {
            Log.DatabaseAwayAtStart(logger);
            _ = CheckLaterAsync();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CheckLaterAsync()
    {
        while (!host.ApplicationStopping.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Pause, time, host.ApplicationStopping);
                await AppRole.CheckAsync(app, host.ApplicationStopping);
                return;
            }
            catch (NpgsqlException)
            {
                // Not back yet.
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (PermanentFault e)
            {
                Log.UnsafeRole(logger, e.Message);
                host.StopApplication();
                return;
            }
        }
    }
}
