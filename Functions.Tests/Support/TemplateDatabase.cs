using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Storage;
using Vellarys.Storage.Schema;

namespace Vellarys.Tests.Support;

/// <summary>The migrated database that test databases are cloned from, shared by runs with the same schema.</summary>
internal static class TemplateDatabase
{
    private const string Lock = "select pg_advisory_lock(hashtext('vellarys_template'))";
    private const string Unlock = "select pg_advisory_unlock(hashtext('vellarys_template'))";
    private static readonly SemaphoreSlim Gate = new(1);
    private static string? _name;

    public static async Task<string> NameAsync(NpgsqlDataSource admin)
    {
        await Gate.WaitAsync();
        try
        {
            return _name ??= await EnsureAsync(admin);
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<string> EnsureAsync(NpgsqlDataSource admin)
    {
        string name = Name();
        await using NpgsqlConnection session = await admin.OpenConnectionAsync();
        await RunAsync(session, Lock);
        try
        {
            if (!await ExistsAsync(session, name)) await BuildAsync(session, name);
            await DropLeftoversAsync(session);
        }
        finally
        {
            await RunAsync(session, Unlock);
        }

        return name;
    }

    // The month belongs to the name: a template made in another month has other partitions.
    private static string Name()
    {
        IEnumerable<string> parts = Migration.Embedded(typeof(Migrator).Assembly).Select(m => m.Checksum)
            .Append(EngineSql.Read("Storage.Schema.app-role.sql")).Append("template0");
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return $"vellarys_template_{now:yyyyMM}_{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
    }

    // Renamed only when complete: a run that was killed leaves no half template behind.
    private static async Task BuildAsync(NpgsqlConnection session, string name)
    {
        string draft = $"{name}_draft";
        await RunAsync(session, $"drop database if exists {draft} with (force)");
        await RunAsync(session, $"create database {draft} template template0");
        StorageOptions options = new() { Url = TestDatabase.Server(draft).ConnectionString };
        await new Migrator(options, TimeProvider.System, NullLogger<Migrator>.Instance).RunAsync(default);
        await RunAsync(session, $"alter database {draft} rename to {name}");
    }

    // Of runs that were killed: the name carries its UUIDv7, whose first 12 digits are the time in milliseconds.
    private static async Task DropLeftoversAsync(NpgsqlConnection session)
    {
        const string sql =
            """
            select format('drop database if exists %I', datname)
            from pg_database
            where datname ~ '^vellarys_test_[0-9a-f]{32}$'
                and substr(datname, 15, 12)
                    < lpad(to_hex((extract(epoch from now() - interval '6 hours') * 1000)::bigint), 12, '0')
                and not exists (select from pg_stat_activity a where a.datname = pg_database.datname)
            """;
        List<string> drops = [];
        await using (NpgsqlCommand find = new(sql, session))
        await using (NpgsqlDataReader reader = await find.ExecuteReaderAsync())
            while (await reader.ReadAsync()) drops.Add(reader.GetString(0));
        foreach (string drop in drops) await RunAsync(session, drop);
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection session, string name)
    {
        await using NpgsqlCommand find = new("select exists (select from pg_database where datname = $1)", session);
        find.Parameters.Add(new() { Value = name });
        return await find.ExecuteScalarAsync() is true;
    }

    private static async Task RunAsync(NpgsqlConnection session, string sql)
    {
        await using NpgsqlCommand command = new(sql, session);
        await command.ExecuteNonQueryAsync();
    }
}
