using System.Reflection;
using Npgsql;

namespace Vellarys.Storage.Schema;

/// <summary>
/// Runs a statement as the owner of the tables, outside of any transaction, where this process was given the owner's
/// address: the product's own role may not touch them.
/// </summary>
internal sealed class OwnerSession(StorageOptions options)
{
    // Behind a transaction that holds its table for longer, a rebuild gives up and has its next turn.
    private const string LockTimeout = "set lock_timeout = '1min'";

    /// <summary>Whether this process was given the owner's address (DATABASE_URL).</summary>
    public bool IsAvailable => options.Url.Length > 0;

    /// <summary>False, and nothing done, where the database has another release's schema.</summary>
    public async Task<bool> TryRunAsync(string statement, CancellationToken cancellationToken)
    {
        await using NpgsqlDataSource owner = NpgsqlDataSource.Create(Connections.Owner(options));
        await using NpgsqlConnection session = await owner.OpenConnectionAsync(cancellationToken);
        await using NpgsqlCommand read = new("select max(version) from schema_migrations", session);
        int mine = Migration.Embedded(Assembly.GetExecutingAssembly())[^1].Version;
        if (await read.ExecuteScalarAsync(cancellationToken) is not int version || version != mine) return false;
        foreach (string sql in (string[])[LockTimeout, statement])
        {
            await using NpgsqlCommand command = new(sql, session);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return true;
    }
}
