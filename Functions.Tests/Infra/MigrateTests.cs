using System.Diagnostics;
using Npgsql;
using Vellarys.Storage;
using Vellarys.Tests.Architecture;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Infra;

/// <summary>The command of the predeploy hook, as a process of its own, on a database that has nothing yet.</summary>
public sealed class MigrateTests
{
    private static readonly string Program = Path.Combine(
        Sources.Root, "Functions", "bin",
        Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!,
        "net10.0", "Vellarys.Functions.dll");

    [Fact]
    public async Task Migrate_EmptyDatabase_HasThisReleasesSchemaAfterwards()
    {
        await using EmptyDatabase database = await EmptyDatabase.CreateAsync();

        (int exitCode, string said) = await RunAsync(("DATABASE_URL", database.Url));

        Assert.True(exitCode == 0, said);
        Assert.Equal(
            Directory.EnumerateFiles(Path.Combine(Sources.Root, "Engine", "Storage", "Migrations"), "*.sql").Count(),
            await database.CountAsync("select count(*) from schema_migrations"));
    }

    [Fact]
    public async Task Migrate_Twice_ChangesNothing()
    {
        await using EmptyDatabase database = await EmptyDatabase.CreateAsync();
        await RunAsync(("DATABASE_URL", database.Url));
        (int exitCode, string said) = await RunAsync(("DATABASE_URL", database.Url));
        Assert.True(exitCode == 0, said);
        Assert.DoesNotContain("Migration 0001", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DATABASE_APP_IDENTITY", "not-an-object-id", 2)]
    [InlineData("DATABASE_APP_IDENTITY", "8d2f1c1e-0000-4000-8000-000000000001", 1)]
    [InlineData("DATABASE_URL", "", 2)]
    [InlineData("DATABASE_URL", "postgres://nobody:a-password@127.0.0.1:1/none", 1)]
    public async Task Migrate_ThatCannotBe_SaysWhyAndShowsNoPassword(string name, string value, int expected)
    {
        await using EmptyDatabase database = await EmptyDatabase.CreateAsync();

        (int exitCode, string said) = await RunAsync(("DATABASE_URL", database.Url), (name, value));

        Assert.Equal(expected, exitCode);
        Assert.Contains("The database was not migrated: ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("a-password", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Said)> RunAsync(params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new("dotnet", [Program, "migrate"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (string inherited in (string[])["DATABASE_URL", "DATABASE_APP_URL", "PGBOUNCER_URL", "MIGRATE"])
            start.Environment.Remove(inherited);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        string[] said = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said));
    }

    private sealed class EmptyDatabase : IAsyncDisposable
    {
        private readonly TestDatabase _neighbour;
        private readonly string _name;

        private EmptyDatabase(TestDatabase neighbour, string name) => (_neighbour, _name) = (neighbour, name);

        public string Url => new NpgsqlConnectionStringBuilder(_neighbour.Options().Url) { Database = _name }
            .ConnectionString;

        public static async Task<EmptyDatabase> CreateAsync()
        {
            TestDatabase neighbour = await TestDatabase.CreateAsync(throughPgBouncer: false);
            string name = $"empty_{neighbour.Name}";
            await using NpgsqlCommand create = neighbour.Owner.CreateCommand($"create database {name}");
            await create.ExecuteNonQueryAsync();
            return new EmptyDatabase(neighbour, name);
        }

        public async Task<long> CountAsync(string sql)
        {
            await using NpgsqlDataSource source = NpgsqlDataSource.Create(Url);
            await using NpgsqlCommand command = source.CreateCommand(sql);
            return (long)(await command.ExecuteScalarAsync())!;
        }

        public async ValueTask DisposeAsync()
        {
            await using NpgsqlCommand drop = _neighbour.Owner.CreateCommand($"drop database {_name} with (force)");
            await drop.ExecuteNonQueryAsync();
            await _neighbour.DisposeAsync();
        }
    }
}
