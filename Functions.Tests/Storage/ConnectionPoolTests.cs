using Npgsql;
using Vellarys.Storage;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

public sealed class ConnectionPoolTests
{
    private const int Size = 3;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Open_PoolExhausted_WaitsAndGoesOnWhenConnectionsReturn(bool pgBouncer)
    {
        await using TestDatabase db = await TestDatabase.CreateAsync(pgBouncer);
        await using NpgsqlDataSource source = Small(db, TimeSpan.FromSeconds(60));
        List<NpgsqlConnection> held = await HoldAllAsync(source);
        Task<int>[] waiting = [.. Enumerable.Range(1, 40).Select(i => EchoAsync(source, i))];
        Assert.DoesNotContain(waiting, w => w.IsCompleted);
        foreach (NpgsqlConnection connection in held) await connection.DisposeAsync();
        Assert.Equal(Enumerable.Range(1, 40), await Task.WhenAll(waiting));
    }

    [Fact]
    public async Task Open_PoolExhaustedForTooLong_FailsAsTransientAndThePoolRecovers()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        await using NpgsqlDataSource source = Small(db, TimeSpan.FromSeconds(1));
        List<NpgsqlConnection> held = await HoldAllAsync(source);
        NpgsqlException error = await Assert.ThrowsAsync<NpgsqlException>(() => EchoAsync(source, 1));
        Assert.True(error.IsTransient);
        foreach (NpgsqlConnection connection in held) await connection.DisposeAsync();
        Assert.Equal(7, await EchoAsync(source, 7));
    }

    [Fact]
    public async Task Open_SessionKilledWhilePooled_IsReplaced()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        await using NpgsqlDataSource source = Small(db, TimeSpan.FromSeconds(5));
        foreach (NpgsqlConnection connection in await HoldAllAsync(source)) await connection.DisposeAsync();
        await using NpgsqlCommand kill = db.Owner.CreateCommand(
            """
            select pg_terminate_backend(pid, 5000) from pg_stat_activity
            where datname = current_database() and usename = 'vellarys_app'
            """);
        await kill.ExecuteNonQueryAsync();
        // At most one failure for each dead session, then new ones.
        int failures = 0;
        for (int i = 0; i < 2 * Size; i++)
        {
            try
            {
                await EchoAsync(source, i);
            }
            catch (NpgsqlException)
            {
                failures++;
            }
        }

        Assert.InRange(failures, 0, Size);
        Assert.Equal(8, await EchoAsync(source, 8));
    }

    private static NpgsqlDataSource Small(TestDatabase db, TimeSpan openTimeout)
    {
        StorageOptions options = db.Options();
        options.ConnectionBudget = 2 * (Size + ListenSource.Connections);
        options.Instances = 2;
        options.OpenTimeout = openTimeout;
        return StorageSetup.AppSource(options, loggers: null);
    }

    private static async Task<List<NpgsqlConnection>> HoldAllAsync(NpgsqlDataSource source)
    {
        List<NpgsqlConnection> held = [];
        for (int i = 0; i < Size; i++) held.Add(await source.OpenConnectionAsync());
        return held;
    }

    private static async Task<int> EchoAsync(NpgsqlDataSource source, int value)
    {
        await using NpgsqlCommand command = source.CreateCommand("select $1");
        command.Parameters.Add(new() { Value = value });
        return (int)(await command.ExecuteScalarAsync())!;
    }
}
