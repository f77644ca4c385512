using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Vellarys.Storage;

/// <summary>Readies the database before other services of the host start, or stops it with the reason.</summary>
internal sealed class StorageStart(StorageOptions options, Migrator migrator, NpgsqlDataSource app)
    : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (options.MigrateAtStart) await migrator.RunAsync(cancellationToken);
        await AppRole.CheckAsync(app, cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
