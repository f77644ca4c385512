using Npgsql;
using Vellarys.Storage;
using Vellarys.Storage.Schema;

namespace Vellarys.Standalone;

/// <summary>
/// Waits for the database, which often starts together with this process, and brings it to this release's schema
/// unless MIGRATE is 0 or false (a deployment that migrates in a step of its own).
/// </summary>
internal sealed class DatabaseStart(
    Migrator migrator,
    NpgsqlDataSource database,
    IConfiguration configuration,
    TimeProvider time,
    ILogger<DatabaseStart> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public Task RunAsync(CancellationToken cancellationToken) =>
        StorageOptions.Migrates(configuration) is false
            ? TryOnAsync(LookAsync, cancellationToken)
            : MigrateAsync(cancellationToken);

    public Task MigrateAsync(CancellationToken cancellationToken) => TryOnAsync(migrator.RunAsync, cancellationToken);

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = database.CreateCommand("select 1");
        await command.ExecuteScalarAsync(cancellationToken);
    }

    private async Task TryOnAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        for (bool first = true; ; first = false)
        {
            try
            {
                await work(cancellationToken);
                return;
            }
            catch (NpgsqlException e) when (e.IsTransient && time.GetElapsedTime(started) < Patience)
            {
                if (first) logger.DatabaseNotYet(FirstLine(e));
                await Task.Delay(Pause, time, cancellationToken);
            }
            catch (NpgsqlException e)
            {
                throw new StartFault($"the database cannot be used: {FirstLine(e)}", e);
            }
        }
    }

    private static string FirstLine(NpgsqlException e) => e.Message.Split('\n')[0].Trim();
}
