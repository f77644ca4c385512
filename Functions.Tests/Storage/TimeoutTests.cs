using Npgsql;
using Vellarys.Storage;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

/// <summary>The server's limits, as defaults of the role: the same with and without PgBouncer.</summary>
public sealed class TimeoutTests
{
    [Theory]
    [InlineData("statement_timeout", "1min", false)]
    [InlineData("statement_timeout", "1min", true)]
    [InlineData("lock_timeout", "5s", false)]
    [InlineData("lock_timeout", "5s", true)]
    [InlineData("idle_in_transaction_session_timeout", "30s", false)]
    [InlineData("idle_in_transaction_session_timeout", "30s", true)]
    public async Task Session_OfTheApp_HasTheConfiguredSettings(string setting, string value, bool pgBouncer)
    {
        await using TestDatabase db = await TestDatabase.CreateAsync(pgBouncer);
        await using NpgsqlCommand show = db.App.CreateCommand("select current_setting($1)");
        show.Parameters.Add(new() { Value = setting });
        Assert.Equal(value, await show.ExecuteScalarAsync());
    }

    // By it operators tell instances apart, in front of PgBouncer and behind it.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Session_OfTheApp_CarriesTheInstancesName(bool pgBouncer)
    {
        await using TestDatabase db = await TestDatabase.CreateAsync(pgBouncer);
        await using NpgsqlCommand show = db.App.CreateCommand("select current_setting('application_name')");
        Assert.Equal(InstanceName.ApplicationName(db.Options()), await show.ExecuteScalarAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Statement_PastTheLimit_IsCancelledAndTheConnectionGoesOn(bool pgBouncer)
    {
        await using TestDatabase db = await TestDatabase.CreateAsync(pgBouncer);
        await LowerAsync(db, "statement_timeout", "200ms");
        await using NpgsqlConnection connection = await db.App.OpenConnectionAsync();
        await using NpgsqlCommand slow = new("select pg_sleep(70)", connection);
        PostgresException error = await Assert.ThrowsAsync<PostgresException>(() => slow.ExecuteScalarAsync());
        Assert.Equal(PostgresErrorCodes.QueryCanceled, error.SqlState);
        await using NpgsqlCommand next = new("select 1", connection);
        Assert.Equal(1, await next.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Lock_HeldByAnother_IsGivenUpOn()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        await LowerAsync(db, "lock_timeout", "200ms");
        await using NpgsqlConnection holder = await db.Owner.OpenConnectionAsync();
        await using NpgsqlTransaction held = await holder.BeginTransactionAsync();
        await using NpgsqlCommand take = new("lock table queue_messages", holder);
        await take.ExecuteNonQueryAsync();
        await using NpgsqlCommand blocked = db.App.CreateCommand("select count(*) from queue_messages");
        PostgresException error = await Assert.ThrowsAsync<PostgresException>(() => blocked.ExecuteScalarAsync());
        Assert.Equal(PostgresErrorCodes.LockNotAvailable, error.SqlState);
        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task Transaction_LeftIdle_IsEndedAndThePoolRecovers()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        await LowerAsync(db, "idle_in_transaction_session_timeout", "200ms");
        await using (NpgsqlConnection connection = await db.App.OpenConnectionAsync())
        {
            await using NpgsqlTransaction idle = await connection.BeginTransactionAsync();
            await using NpgsqlCommand begin = new("select pg_backend_pid()", connection);
            int pid = (int)(await begin.ExecuteScalarAsync())!;
            await GoneAsync(db, pid);
            await using NpgsqlCommand late = new("select 1", connection);
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => late.ExecuteScalarAsync());
        }

        await using NpgsqlCommand next = db.App.CreateCommand("select 1");
        Assert.Equal(1, await next.ExecuteScalarAsync());
    }

    [Fact]
    public async Task RunawayJoin_OnCustomData_IsCancelledAndTheConnectionGoesOn()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        TenantRows rows = await TenantRows.CreateAsync(db);
        TenantId tenant = new(Ids.New(TimeProvider.System));
        await rows.FillAsync(tenant);
        await LowerAsync(db, "statement_timeout", "200ms");
        await using NpgsqlConnection connection = await db.App.OpenConnectionAsync();
        await using (NpgsqlTransaction transaction = await connection.BeginTransactionAsync())
        {
            // The series stand for the millions of rows that kept such a join busy for ten minutes; IndexTests has the
            // case in which the index serves it.
            const string sql =
                """
                select count(*) from leads left join messages on messages.lead_id = leads.id,
                    generate_series(1, 100000) a, generate_series(1, 100000) b
                where custom_data @> '{}'
                """;
            await using NpgsqlBatch batch = new(connection, transaction)
            {
                BatchCommands = { TenantScope.For(tenant), new(sql) },
            };
            PostgresException error = await Assert.ThrowsAsync<PostgresException>(() => batch.ExecuteNonQueryAsync());
            Assert.Equal(PostgresErrorCodes.QueryCanceled, error.SqlState);
        }

        await using NpgsqlCommand next = new("select 1", connection);
        Assert.Equal(1, await next.ExecuteScalarAsync());
    }

    // The same mechanism as in production, a default of the role, but for this database only.
    private static async Task LowerAsync(TestDatabase db, string setting, string value)
    {
        await using NpgsqlCommand alter =
            db.Owner.CreateCommand($"alter role vellarys_app in database {db.Name} set {setting} = '{value}'");
        await alter.ExecuteNonQueryAsync();
    }

    private static async Task GoneAsync(TestDatabase db, int pid)
    {
        await using NpgsqlCommand alive =
            db.Owner.CreateCommand("select exists (select from pg_stat_activity where pid = $1)");
        alive.Parameters.Add(new() { Value = pid });
        while (await alive.ExecuteScalarAsync() is true)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
    }
}
