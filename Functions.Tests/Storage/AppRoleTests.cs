using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Storage;
using Vellarys.Storage.Schema;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

public sealed class AppRoleTests
{
    [Fact]
    public async Task Role_AfterMigration_CanNeitherBypassNorOwnNorCreate()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        const string sql =
            """
            select rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication
                or has_schema_privilege(oid, 'public', 'create')
                or exists (select from pg_class where relowner = pg_roles.oid)
                or exists (select from pg_auth_members where member = pg_roles.oid)
            from pg_roles where rolname = 'vellarys_app'
            """;
        await using NpgsqlCommand command = db.Owner.CreateCommand(sql);
        Assert.Equal(false, await command.ExecuteScalarAsync());
        await AppRole.CheckAsync(db.App, default);
    }

    [Fact]
    public async Task RowSecurityOff_AsTheApp_IsRefusedByTheServer()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        await using NpgsqlConnection connection = await db.Listen.OpenAsync(default);
        await using NpgsqlCommand off = new("set row_security = off", connection);
        await off.ExecuteNonQueryAsync();
        await using NpgsqlCommand read = new("select count(*) from contacts", connection);
        PostgresException error = await Assert.ThrowsAsync<PostgresException>(() => read.ExecuteScalarAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
    }

    [Fact]
    public async Task Check_Superuser_IsRefused()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        PermanentFault error =
            await Assert.ThrowsAsync<PermanentFault>(() => AppRole.CheckAsync(db.Owner, default));
        Assert.Contains("bypasses row-level security", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create table owned (id integer); alter table owned owner to {0}", "owns tables")]
    [InlineData("alter role {0} bypassrls", "bypasses row-level security")]
    public async Task Check_RoleWithTooMuch_IsRefused(string given, string reason)
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        // A role of its own: roles are shared by everything on the server.
        string role = $"role_{db.Name}";
        await RunAsync(db, $"create role {role} login password '{role}'; " + string.Format(null, given, role));
        try
        {
            NpgsqlConnectionStringBuilder login = new(db.ConnectionString(owner: true))
            {
                Username = role,
                Password = role,
            };
            await using NpgsqlDataSource source = NpgsqlDataSource.Create(login);
            PermanentFault error =
                await Assert.ThrowsAsync<PermanentFault>(() => AppRole.CheckAsync(source, default));
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
            Assert.Contains(role, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            await RunAsync(db, $"drop owned by {role}; drop role {role}");
        }
    }

    [Fact]
    public async Task Ensure_NothingToChange_WritesNoRole()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        const string version = "select xmin::text from pg_authid where rolname = 'vellarys_app'";
        await using NpgsqlCommand read = db.Owner.CreateCommand(version);
        object? before = await read.ExecuteScalarAsync();
        await new Migrator(db.Options(), TimeProvider.System, NullLogger<Migrator>.Instance).RunAsync(default);
        Assert.Equal(before, await read.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Ensure_SeveralDatabasesAtOnce_AllComeThrough()
    {
        TestDatabase[] databases = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TestDatabase.CreateAsync()));
        try
        {
            // The template was granted access; a database that never was asks for it, all at the same moment.
            foreach (TestDatabase db in databases)
            {
                await RunAsync(db, $"revoke all on database {db.Name} from public");
                await RunAsync(db, "revoke all on schema public from public, vellarys_app");
            }

            await Task.WhenAll(databases.Select(db =>
                new Migrator(db.Options(), TimeProvider.System, NullLogger<Migrator>.Instance).RunAsync(default)));
            foreach (TestDatabase db in databases) await AppRole.CheckAsync(db.App, default);
        }
        finally
        {
            foreach (TestDatabase db in databases) await db.DisposeAsync();
        }
    }

    // No server here knows Azure's labels; that it is asked for one, with no password tried, is all that can be seen.
    [Fact]
    public async Task Ensure_Identity_TiesTheRoleToItInsteadOfTryingAPassword()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        StorageOptions options = db.Options();
        options.AppIdentity = "8d2f1c1e-0000-4000-8000-000000000001";

        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() =>
            new Migrator(options, TimeProvider.System, NullLogger<Migrator>.Instance).RunAsync(default));

        Assert.Equal("security label provider \"pgaadauth\" is not loaded", refused.MessageText);
    }

    [Fact]
    public async Task Migrate_OwnerWithoutSuperuser_ComesToTheSameRules()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync(throughPgBouncer: false);
        (string owner, string name) = ($"owner_{db.Name}", $"plain_{db.Name}");
        await RunAsync(db, $"create role {owner} login createrole password '{owner}'");
        await RunAsync(db, $"create database {name} owner {owner} template template0");
        try
        {
            StorageOptions options = new()
            {
                Url = new NpgsqlConnectionStringBuilder(db.ConnectionString(owner: true))
                {
                    Database = name, Username = owner, Password = owner,
                }.ConnectionString,
                AppUrl = new NpgsqlConnectionStringBuilder(db.ConnectionString()) { Database = name }.ConnectionString,
            };
            await new Migrator(options, TimeProvider.System, NullLogger<Migrator>.Instance).RunAsync(default);
            await using NpgsqlDataSource app = StorageSetup.AppSource(options, loggers: null);
            await AppRole.CheckAsync(app, default);
            await using NpgsqlCommand extend = app.CreateCommand("call ensure_message_partitions(6)");
            await extend.ExecuteNonQueryAsync();
        }
        finally
        {
            await RunAsync(db, $"drop database {name} with (force)");
            await RunAsync(db, $"drop role {owner}");
        }
    }

    private static async Task RunAsync(TestDatabase db, string sql)
    {
        await using NpgsqlCommand command = db.Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
