using System.Reflection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Vellarys.Storage.Schema;

/// <summary>
/// Brings a database to this release's schema, as its owner. Any number of instances may start at once: one applies,
/// the others wait and find nothing to do.
/// </summary>
public sealed class Migrator
{
    // One number for the product; advisory locks are per database.
    private const long LockKey = 0x56454C4C41525953;
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(100);

    private readonly StorageOptions _options;
    private readonly IReadOnlyList<Migration> _migrations;
    private readonly TimeProvider _time;
    private readonly ILogger<Migrator> _logger;
    private readonly IDatabaseTokens? _tokens;

    /// <param name="tokens">In place of the owner's password, where its address holds none.</param>
    public Migrator(
        StorageOptions options, TimeProvider time, ILogger<Migrator> logger, IDatabaseTokens? tokens = null)
        : this(options, Migration.Embedded(Assembly.GetExecutingAssembly()), time, logger, tokens)
    {
    }

    internal Migrator(
        StorageOptions options, IReadOnlyList<Migration> migrations, TimeProvider time, ILogger<Migrator> logger,
        IDatabaseTokens? tokens = null)
    {
        _tokens = tokens;
        _options = options;
        _migrations = migrations;
        _time = time;
        _logger = logger;
    }

    /// <summary>Applies what is missing. Throws when an applied migration was edited since.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlDataSource owner = StorageSetup.OwnerSource(_options, _tokens);
        await using NpgsqlConnection session = await owner.OpenConnectionAsync(cancellationToken);
        await LockAsync(session, cancellationToken);
        await AppRole.EnsureAsync(owner, _options, _time, cancellationToken);
        IReadOnlyDictionary<int, string> applied = await AppliedAsync(session, cancellationToken);
        foreach (Migration migration in _migrations)
        {
            if (!applied.TryGetValue(migration.Version, out string? checksum))
                await ApplyAsync(session, migration, cancellationToken);
            else if (checksum != migration.Checksum)
                throw new PermanentFault(
                    "migration_edited",
                    $"Migration {migration.Name} was edited after it had been applied to this database. " +
                    "Restore the file and write a new migration instead.");
        }
    }

    // Asks again and again instead of waiting inside PostgreSQL: a session that waits there holds a snapshot, which a
    // concurrent index build of the lock's holder would wait for in turn.
    private async Task LockAsync(NpgsqlConnection session, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand tryLock = new("select pg_try_advisory_lock($1)", session);
        tryLock.Parameters.Add(new() { Value = LockKey });
        while (await tryLock.ExecuteScalarAsync(cancellationToken) is not true)
            await Task.Delay(LockPoll, _time, cancellationToken);
    }

    private static async Task<IReadOnlyDictionary<int, string>> AppliedAsync(
        NpgsqlConnection session, CancellationToken cancellationToken)
    {
        const string sql =
            """
            create table if not exists schema_migrations (
                version integer primary key,
                name text not null,
                checksum text not null,
                applied_at timestamptz not null default now()
            )
            """;
        await ExecuteAsync(session, sql, cancellationToken);
        Dictionary<int, string> applied = [];
        await using NpgsqlCommand read = new("select version, checksum from schema_migrations", session);
        await using NpgsqlDataReader reader = await read.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) applied[reader.GetInt32(0)] = reader.GetString(1);
        return applied;
    }

    private async Task ApplyAsync(NpgsqlConnection session, Migration migration, CancellationToken cancellationToken)
    {
        long started = _time.GetTimestamp();
        if (migration.InTransaction)
        {
            await using NpgsqlTransaction transaction = await session.BeginTransactionAsync(cancellationToken);
            // Rather fail the deployment than queue the product's own statements behind a waiting table lock.
            await ExecuteAsync(session, "set local lock_timeout = '10s'", cancellationToken);
            await ExecuteAsync(session, migration.Sql, cancellationToken);
            await RecordAsync(session, migration, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        else
        {
            await DropInvalidIndexesAsync(session, migration, cancellationToken);
            foreach (string statement in migration.Statements)
                await ExecuteAsync(session, statement, cancellationToken);
            await RecordAsync(session, migration, cancellationToken);
        }

        Log.MigrationApplied(_logger, migration.Name, (long)_time.GetElapsedTime(started).TotalMilliseconds);
    }

    private static async Task DropInvalidIndexesAsync(
        NpgsqlConnection session, Migration migration, CancellationToken cancellationToken)
    {
        const string sql =
            """
            select format('drop index concurrently %s', indexrelid::regclass)
            from pg_index join pg_class on pg_class.oid = indexrelid
            where not indisvalid and relname = any($1) and relnamespace = current_schema()::regnamespace
            """;
        List<string> drops = [];
        await using (NpgsqlCommand find = new(sql, session))
        {
            find.Parameters.Add(new() { Value = migration.ConcurrentIndexes.ToArray() });
            await using NpgsqlDataReader reader = await find.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) drops.Add(reader.GetString(0));
        }

        foreach (string drop in drops) await ExecuteAsync(session, drop, cancellationToken);
    }

    private static async Task RecordAsync(
        NpgsqlConnection session, Migration migration, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(
            "insert into schema_migrations (version, name, checksum) values ($1, $2, $3)", session);
        command.Parameters.Add(new() { Value = migration.Version });
        command.Parameters.Add(new() { Value = migration.Name });
        command.Parameters.Add(new() { Value = migration.Checksum });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection session, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, session);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
