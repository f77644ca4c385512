using Npgsql;

namespace Vellarys.Jobs;

/// <summary>
/// One run of a job across all instances. The lock lives in a transaction of its own that does nothing else, so it
/// holds behind PgBouncer in transaction mode and goes with the connection when the process dies.
/// </summary>
internal sealed class JobLock(NpgsqlDataSource database)
{
    // The first half of the advisory lock's key: jobs ("Vjob").
    private const int Space = 0x566A6F62;

    /// <summary>Held until disposed; null while another instance holds it.</summary>
    public async Task<IAsyncDisposable?> TryTakeAsync(string job, CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        bool taken = false;
        try
        {
            await connection.BeginTransactionAsync(cancellationToken);
            await using NpgsqlBatch batch = new(connection)
            {
                BatchCommands =
                {
                    new("select pg_try_advisory_xact_lock($1, hashtext($2))")
                    {
                        Parameters = { new() { Value = Space }, new() { Value = job } },
                    },
                    // The transaction idles for as long as the job takes. A SET goes last: a query's portal would stay
                    // open with its snapshot, which holds up vacuum and every concurrent index build for as long.
                    new("set local idle_in_transaction_session_timeout = 0"),
                },
            };
            taken = await HasLockAsync(batch, cancellationToken);
        }
        finally
        {
            // Closing rolls back, and that is all there is to release.
            if (!taken) await connection.DisposeAsync();
        }

        return taken ? connection : null;
    }

    private static async Task<bool> HasLockAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetBoolean(0);
    }
}
