using Npgsql;

namespace Vellarys.Storage;

/// <summary>
/// Brings a database to the schema of this release, as its owner. Any number of hosts may start at once: an advisory lock
/// lets one migrate while the others wait.
/// </summary>
public sealed class Migrator
{
    private const long LockKey = 0x56656C6C61727973; // "Vellarys" in ASCII
    private readonly IReadOnlyList<Migration> _migrations;

    public Migrator()
        : this(Migration.All)
    {
    }

    internal Migrator(IReadOnlyList<Migration> migrations) => _migrations = migrations;

    /// <summary>
    /// Creates the application role where it is missing and applies what is pending; returns the names applied. Throws
    /// <see cref="InvalidOperationException"/> naming the file when an applied migration was edited.
    /// </summary>
    public async Task<IReadOnlyList<string>> RunAsync(
        string ownerConnectionString, string appPassword, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ownerConnectionString);
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync(connection, "set client_min_messages = warning; set lock_timeout = 0; set statement_timeout = 0", cancellationToken);
        await using (NpgsqlCommand gate = connection.CreateCommand())
        {
            gate.CommandText = "select pg_advisory_lock($1)";
            gate.Parameters.AddWithValue(LockKey);
            await gate.ExecuteNonQueryAsync(cancellationToken);
        }

        await AppRole.EnsureAsync(connection, appPassword, cancellationToken);
        await ExecuteAsync(connection, """
            create table if not exists schema_migrations (
                version integer primary key,
                name text not null,
                checksum text not null,
                applied_at timestamptz not null default now());
            revoke create on schema public from public;
            grant usage on schema public to vellarys_app
            """, cancellationToken);
        Dictionary<int, string> applied = await AppliedAsync(connection, cancellationToken);
        var done = new List<string>();
        foreach (Migration migration in _migrations)
        {
            if (applied.TryGetValue(migration.Version, out string? checksum))
            {
                if (checksum == migration.Checksum) continue;
                throw new InvalidOperationException(
                    $"Migration {migration.Name} was changed after it had been applied: add a new one instead.");
            }

            await ApplyAsync(connection, migration, cancellationToken);
            done.Add(migration.Name);
        }

        return done;
    }

    private static async Task ApplyAsync(
        NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        if (!migration.InTransaction)
        {
            await InvalidIndexes.DropAsync(connection, cancellationToken);
            foreach (string statement in SqlStatements.Split(migration.Sql))
                await ExecuteAsync(connection, statement, cancellationToken);
            await MarkAsync(connection, migration, cancellationToken);
            return;
        }

        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, migration.Sql, cancellationToken);
        await MarkAsync(connection, migration, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task MarkAsync(
        NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand mark = connection.CreateCommand();
        mark.CommandText = "insert into schema_migrations (version, name, checksum) values ($1, $2, $3)";
        mark.Parameters.AddWithValue(migration.Version);
        mark.Parameters.AddWithValue(migration.Name);
        mark.Parameters.AddWithValue(migration.Checksum);
        await mark.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<Dictionary<int, string>> AppliedAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = connection.CreateCommand();
        command.CommandText = "select version, checksum from schema_migrations";
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        var applied = new Dictionary<int, string>();
        while (await reader.ReadAsync(cancellationToken)) applied.Add(reader.GetInt32(0), reader.GetString(1));
        return applied;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
