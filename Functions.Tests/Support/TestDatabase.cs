using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Tests.Support;

/// <summary>
/// A migrated database of its own for a test, cloned from a template that is built once for each state of the
/// migrations. Dropped on dispose.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _admin;

    private TestDatabase(NpgsqlDataSource admin, string name)
    {
        _admin = admin;
        Name = name;
        Owner = NpgsqlDataSource.Create(ConnectionString(owner: true));
        App = NpgsqlDataSource.Create(ConnectionString());
    }

    public string Name { get; }

    /// <summary>As the product: role vellarys_app, under row-level security.</summary>
    public NpgsqlDataSource App { get; }

    /// <summary>As the owner, past row-level security: to arrange and to look behind.</summary>
    public NpgsqlDataSource Owner { get; }

    public static async Task<TestDatabase> CreateAsync()
    {
        NpgsqlDataSource admin = NpgsqlDataSource.Create(Server().ConnectionString);
        string name = $"vellarys_test_{Ids.New(TimeProvider.System):N}";
        await CloneAsync(admin, name, await TemplateDatabase.NameAsync(admin));
        return new TestDatabase(admin, name);
    }

    /// <summary>For what builds its own data source, such as a host under test.</summary>
    public string ConnectionString(bool owner = false)
    {
        StorageOptions options = Options();
        NpgsqlConnectionStringBuilder result = owner ? options.OwnerConnection() : options.AppConnection();
        result.Pooling = true;
        result.MaxPoolSize = 30;
        result.CommandTimeout = 30;
        return result.ConnectionString;
    }

    /// <summary>Options that lead to this database, as a host would have them.</summary>
    public StorageOptions Options() => new() { Url = Server(Name).ConnectionString };

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Owner.DisposeAsync();
        // Identifiers cannot be parameters; this name was made here from hex digits.
        await using (NpgsqlCommand drop = _admin.CreateCommand($"drop database if exists {Name} with (force)"))
            await drop.ExecuteNonQueryAsync();
        await _admin.DisposeAsync();
    }

    internal static NpgsqlConnectionStringBuilder Server(string? database = null)
    {
        string address = Environment.GetEnvironmentVariable("TEST_DATABASE_URL") is { Length: > 0 } url
            ? url
            : throw new InvalidOperationException(
                "TEST_DATABASE_URL is not set. ./test starts a PostgreSQL server and sets it; to run tests by hand, " +
                "point it at a server on which you are superuser, e.g. postgres://postgres@127.0.0.1:5432/postgres.");
        NpgsqlConnectionStringBuilder server = DatabaseUrl.Parse(address);
        server.Database = database ?? "postgres";
        server.MaxPoolSize = 4;
        return server;
    }

    // A clone needs the template to itself for a moment; another process may be looking at it.
    private static async Task CloneAsync(NpgsqlDataSource admin, string name, string template)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await using NpgsqlCommand create = admin.CreateCommand($"create database {name} template {template}");
                await create.ExecuteNonQueryAsync();
                return;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ObjectInUse && attempt < 50)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
    }

    private static class TemplateDatabase
    {
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

        // The month belongs to the name: a template made in another month has other partitions.
        private static async Task<string> EnsureAsync(NpgsqlDataSource admin)
        {
            IEnumerable<string> checksums = Migration.Embedded(typeof(Migrator).Assembly).Select(m => m.Checksum);
            byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', checksums)));
            string name = $"vellarys_template_{TimeProvider.System.GetUtcNow():yyyyMM}_"
                + Convert.ToHexStringLower(hash.AsSpan(0, 8));
            await using NpgsqlConnection session = await admin.OpenConnectionAsync();
            await RunAsync(session, "select pg_advisory_lock(hashtext('vellarys_template'))");
            try
            {
                if (!await ExistsAsync(session, name)) await BuildAsync(session, name);
            }
            finally
            {
                await RunAsync(session, "select pg_advisory_unlock(hashtext('vellarys_template'))");
            }

            return name;
        }

        // Renamed only when complete: a run that was killed leaves no half template behind.
        private static async Task BuildAsync(NpgsqlConnection session, string name)
        {
            string draft = $"{name}_draft";
            await RunAsync(session, $"drop database if exists {draft} with (force)");
            await RunAsync(session, $"create database {draft}");
            StorageOptions options = new() { Url = Server(draft).ConnectionString };
            await new Migrator(options, TimeProvider.System, NullLogger<Migrator>.Instance).RunAsync(default);
            await RunAsync(session, $"alter database {draft} rename to {name}");
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
}
