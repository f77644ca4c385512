using Npgsql;
using Vellarys.Operations;

namespace Vellarys.Standalone;

/// <summary>
/// One run of a job across all instances. The lock lives in a transaction of its own that does nothing else, so it
/// holds behind PgBouncer in transaction mode and goes with the connection when the process dies.
/// </summary>
internal sealed class JobLock(NpgsqlDataSource database)
{
    // The first half of the advisory lock's key: jobs ("Vjob").
    private const int Space = 0x566A6F62;

    /// <summary>False when another instance holds the lock: the job was not run.</summary>
    public async Task<bool> TryRunAsync(IJob job, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using NpgsqlBatch batch = new(connection, transaction)
        {
            BatchCommands =
            {
                // The transaction idles for as long as the job takes.
                new("select set_config('idle_in_transaction_session_timeout', '0', true)"),
                new("select pg_try_advisory_xact_lock($1, hashtext($2))")
                {
                    Parameters = { new() { Value = Space }, new() { Value = job.Name } },
                },
            },
        };
        if (!await HasLockAsync(batch, cancellationToken)) return false;
        await job.RunAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task<bool> HasLockAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetBoolean(0);
    }
}
