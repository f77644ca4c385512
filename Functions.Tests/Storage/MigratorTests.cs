using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Storage.Schema;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

public sealed class MigratorTests
{
    private static readonly Migration Table = new(9001, "9001-things.sql",
        """
        create table things (id integer primary key, kind text);
        insert into things select g, 'k' from generate_series(1, 500) g;
        """);

    private static readonly Migration Index = new(9002, "9002-things-index.sql",
        """
        -- vellarys: no-transaction
        create unique index concurrently if not exists ix_things_kind on things (kind);
        -- Says what it is for; then a second statement.
        comment on index ix_things_kind is 'one; of each';
        """);

    [Fact]
    public async Task Run_Twice_KeepsDataAndAppliesNothing()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        await RunAsync(db, Table);
        object? before = await ScalarAsync(db, "select max(applied_at) from schema_migrations");
        await RunAsync(db, Table);
        Assert.Equal(500L, await ScalarAsync(db, "select count(*) from things"));
        Assert.Equal(before, await ScalarAsync(db, "select max(applied_at) from schema_migrations"));
    }

    [Fact]
    public async Task Run_EditedMigration_IsRefusedByName()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        await RunAsync(db, Table);
        PermanentFault error = await Assert.ThrowsAsync<PermanentFault>(
            () => RunAsync(db, Table with { Sql = Table.Sql + " " }));
        Assert.Contains("9001-things.sql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OtherLineEndings_IsTheSameMigration()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        await RunAsync(db, Table with { Sql = "create table things\n(id integer);" });
        await RunAsync(db, Table with { Sql = "create table things\r\n(id integer);" });
    }

    [Fact]
    public async Task Run_FailingMigration_LeavesNothingOfItBehind()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        Migration broken = Table with { Sql = Table.Sql + "select 1 / 0;" };
        await Assert.ThrowsAsync<PostgresException>(() => RunAsync(db, broken));
        Assert.Equal(true, await ScalarAsync(db, "select to_regclass('things') is null"));
        await RunAsync(db, Table);
    }

    [Fact]
    public async Task Run_ManyAtOnce_ApplyOnce()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        Migration unique = Index with { Sql = Index.Sql.Replace("unique ", "", StringComparison.Ordinal) };
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RunAsync(db, Table, unique)));
        Assert.Equal(500L, await ScalarAsync(db, "select count(*) from things"));
        Assert.Equal(2L, await ScalarAsync(db, "select count(*) from schema_migrations where version > 9000"));
    }

    [Fact]
    public async Task Run_InvalidIndexLeftBehind_IsRebuilt()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        await Assert.ThrowsAsync<PostgresException>(() => RunAsync(db, Table, Index));
        Assert.Equal(false, await ScalarAsync(db, ValidSql));
        Assert.Equal(0L, await ScalarAsync(db, "select count(*) from schema_migrations where version = 9002"));

        await ScalarAsync(db, "update things set kind = id");
        await RunAsync(db, Table, Index);
        Assert.Equal(true, await ScalarAsync(db, ValidSql));
        Assert.Equal("one; of each", await ScalarAsync(db, "select obj_description('ix_things_kind'::regclass)"));
    }

    [Fact]
    public void Embedded_Names_AreConsecutiveAndConcurrentBuildsCanBeRestarted()
    {
        IReadOnlyList<Migration> all = Migration.Embedded(typeof(Migrator).Assembly);
        Assert.Equal(Enumerable.Range(1, all.Count), all.Select(m => m.Version));
        Assert.All(all.Where(m => !m.InTransaction), m => Assert.Equal(
            m.Statements.Count(s => s.Contains("index concurrently if not", StringComparison.OrdinalIgnoreCase)),
            m.ConcurrentIndexes.Count()));
    }

    private const string ValidSql = "select indisvalid from pg_index where indexrelid = 'ix_things_kind'::regclass";

    private static Task RunAsync(TestDatabase db, params Migration[] added)
    {
        IReadOnlyList<Migration> all = [.. Migration.Embedded(typeof(Migrator).Assembly), .. added];
        return new Migrator(db.Options(), all, TimeProvider.System, NullLogger<Migrator>.Instance).RunAsync(default);
    }

    private static async Task<object?> ScalarAsync(TestDatabase db, string sql)
    {
        await using NpgsqlCommand command = db.Owner.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
