using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Tests.Support;

/// <summary>
/// A migrated database of its own for a test, cloned from a template that is built once for each state of the
/// migrations. Dropped on dispose. With TEST_PGBOUNCER=1 (or TEST_PGBOUNCER_URL) the product's connections of every
/// test go through PgBouncer in transaction mode.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _admin;
    private readonly string _bouncer;

    private TestDatabase(NpgsqlDataSource admin, string name, string bouncer)
    {
        _admin = admin;
        _bouncer = bouncer;
        Name = name;
        Owner = NpgsqlDataSource.Create(ConnectionString(owner: true));
        App = StorageSetup.AppSource(Options(), loggers: null);
        Listen = StorageSetup.Listening(Options());
    }

    public string Name { get; }

    /// <summary>As the product: role vellarys_app, under row-level security.</summary>
    public NpgsqlDataSource App { get; }

    /// <summary>As the owner, past row-level security: to arrange and to look behind.</summary>
    public NpgsqlDataSource Owner { get; }

    /// <summary>For sessions that LISTEN.</summary>
    internal ListenSource Listen { get; }

    /// <param name="throughPgBouncer">Null leaves it to the environment.</param>
    public static async Task<TestDatabase> CreateAsync(bool? throughPgBouncer = null)
    {
        NpgsqlDataSource admin = NpgsqlDataSource.Create(Server().ConnectionString);
        // First, because on a fresh server it makes the role that PgBouncer is asked with.
        string template = await TemplateDatabase.NameAsync(admin);
        string bouncer = await PgBouncer.UrlAsync(throughPgBouncer);
        string name = $"vellarys_test_{Ids.New(TimeProvider.System):N}";
        await CloneAsync(admin, name, template);
        return new TestDatabase(admin, name, bouncer);
    }

    /// <summary>For what builds its own data source. A host under test takes <see cref="Options"/>.</summary>
    public string ConnectionString(bool owner = false)
    {
        NpgsqlConnectionStringBuilder result = owner ? Connections.Owner(Options()) : Connections.App(Options());
        result.Pooling = true;
        result.CommandTimeout = 75;
        return result.ConnectionString;
    }

    /// <summary>Options that lead to this database, as a host would have them.</summary>
    public StorageOptions Options() => new()
    {
        Url = Server(Name).ConnectionString,
        PgBouncerUrl = _bouncer,
        ConnectionBudget = 32,
        // A busy machine is no failure.
        OpenTimeout = TimeSpan.FromSeconds(60),
    };

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Listen.DisposeAsync();
        await Owner.DisposeAsync();
        // An identifier cannot be a parameter; this one was made here from hex digits.
        await using (NpgsqlCommand drop = _admin.CreateCommand($"drop database if exists {Name} with (force)"))
            await drop.ExecuteNonQueryAsync();
        await _admin.DisposeAsync();
    }

    internal static NpgsqlConnectionStringBuilder Server(string database = "postgres")
    {
        string address = Environment.GetEnvironmentVariable("TEST_DATABASE_URL") is { Length: > 0 } url
            ? url
            : throw new InvalidOperationException(
                "TEST_DATABASE_URL is not set. ./test starts a PostgreSQL server and sets it; to run tests by hand, " +
                "point it at a server on which you are superuser, e.g. postgres://postgres@127.0.0.1:5432/postgres.");
        NpgsqlConnectionStringBuilder server = DatabaseUrl.Parse(address);
        server.Database = database;
        server.MaxPoolSize = 20;
        return server;
    }

    // A clone needs its template to itself for a moment, and something may just be looking at it.
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
}
