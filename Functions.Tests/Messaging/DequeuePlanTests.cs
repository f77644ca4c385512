using Npgsql;
using NpgsqlTypes;
using Vellarys.Messaging;
using Vellarys.Messaging.Postgres;
using Vellarys.Messaging.Postgres.Consuming;
using Vellarys.Storage;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Messaging;

public sealed class DequeuePlanTests : IAsyncLifetime
{
    private const string Fill =
        """
        insert into queue_messages (id, queue, priority, due_at, locked_by, body)
        select gen_random_uuid(), 'message-processing', i % 3,
            now() + case i % 10 when 0 then interval '-1 s' when 1 then interval '20 s' else interval '1 h' end,
            case i % 10 when 1 then gen_random_uuid() end, '{}'
        from generate_series(1, 100000) i
        """;

    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("dequeue.sql", true)]
    [InlineData("dequeue.sql", false)]
    [InlineData("next-due.sql", true)]
    [InlineData("next-due.sql", false)]
    public async Task Plan_ManyDelayedAndLeasedRows_WalksTheIndexAndNoFurtherThanNeeded(string file, bool isAnalyzed)
    {
        await using NpgsqlConnection connection = await _database.Owner.OpenConnectionAsync();
        // The plan may have been made when the table was empty: its statistics then know nothing of the rows.
        await RunAsync(connection, "alter table queue_messages set (autovacuum_enabled = off)");
        await RunAsync(connection, Fill);
        if (isAnalyzed) await RunAsync(connection, "vacuum analyze queue_messages");

        await using NpgsqlConnection product = await _database.App.OpenConnectionAsync();
        string plan = await ExplainAsync(product, file);

        Assert.Contains(
            "Index Scan using ix_queue_due",
            plan.Replace("Index Only Scan", "Index Scan", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Rows Removed by Filter", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_PlansMadeOnAnEmptyTable_WalkTheIndexOnceItIsFull()
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(
            _database.ConnectionString() + ";Maximum Pool Size=1");
        var store = new LeaseStore(source, Ids.New(TimeProvider.System));
        LeasedRow absent = new(new(Queues.MessageProcessing, Ids.New(TimeProvider.System), "{}"), default, 1, 0);
        for (int i = 0; i < 10; i++)
        {
            Assert.Empty((await DequeueAsync(store, 50)).Rows);
            await RenewAndSettleAsync(store, [.. Enumerable.Repeat(absent, 50)]);
        }

        await using (NpgsqlCommand fill = _database.Owner.CreateCommand(Fill)) await fill.ExecuteNonQueryAsync();
        long before = await ScannedAsync();

        for (int i = 0; i < 10; i++)
        {
            List<LeasedRow> rows = (await DequeueAsync(store, 50)).Rows;
            Assert.Equal(50, rows.Count);
            await RenewAndSettleAsync(store, rows);
        }

        Assert.Equal(before, await ScannedAsync());
    }

    [Fact]
    public async Task DequeueAsync_MixedPriorities_ReturnsTheOrderOfTheQueue()
    {
        await using (NpgsqlCommand fill = _database.Owner.CreateCommand(Fill)) await fill.ExecuteNonQueryAsync();
        var store = new LeaseStore(_database.App, Ids.New(TimeProvider.System));

        List<LeasedRow> rows = (await DequeueAsync(store, 5000)).Rows;

        Assert.Equal(5000, rows.Count);
        Assert.Equal(3333, rows.Count(r => r.Message.Priority == QueuePriority.Urgent));
        Assert.Equal(
            rows.OrderBy(r => r.Message.Priority).ThenBy(r => r.DueAt)
                .ThenBy(r => r.Message.Id.ToString(), StringComparer.Ordinal),
            rows);
    }

    private static Task<Leased> DequeueAsync(LeaseStore store, int count) => store.DequeueAsync(
        Queues.MessageProcessing, count, new ScanWatermarks(TimeProvider.System).Next(), TimeSpan.FromSeconds(30),
        TimeSpan.FromSeconds(1));

    private static async Task RenewAndSettleAsync(LeaseStore store, List<LeasedRow> rows)
    {
        await store.RenewAsync([.. rows.Select(r => r.Message.Id)], TimeSpan.FromSeconds(30));
        await store.SettleAsync([.. rows.Select((row, i) => new Completion(
            new LeasedMessage(row.Message, 1, 3, 0, _ => Task.CompletedTask), (CompletionKind)(i % 4))
        {
            Code = i % 4 == 2 ? null : "code",
            Reason = "reason",
        })]);
    }

    // Rows that sequential scans have read so far.
    private async Task<long> ScannedAsync()
    {
        await using NpgsqlCommand command = _database.Owner.CreateCommand(
            "select pg_stat_force_next_flush(), pg_stat_clear_snapshot()");
        await command.ExecuteNonQueryAsync();
        await using NpgsqlCommand read = _database.Owner.CreateCommand(
            "select seq_tup_read from pg_stat_user_tables where relname = 'queue_messages'");
        return (long)(await read.ExecuteScalarAsync())!;
    }

    private static async Task<string> ExplainAsync(NpgsqlConnection connection, string file)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using (NpgsqlBatch settings = new(connection, transaction) { BatchCommands = { Sql.Settings() } })
            await settings.ExecuteNonQueryAsync();
        await using NpgsqlCommand explain = new(
            "explain (analyze, costs off, timing off) " + EngineSql.Of<LeaseStore>(file), connection, transaction);
        explain.Parameters.Add(Sql.Value(Queues.MessageProcessing));
        explain.Parameters.Add(Sql.Array(NpgsqlDbType.Smallint, new short[] { 0, 1, 2 }));
        if (file == "dequeue.sql")
        {
            explain.Parameters.Add(Sql.Array(NpgsqlDbType.TimestampTz, new ScanWatermarks(TimeProvider.System).Next()));
            explain.Parameters.Add(Sql.Value(64L));
            explain.Parameters.Add(Sql.Value(TimeSpan.FromSeconds(30)));
            explain.Parameters.Add(Sql.Value(Ids.New(TimeProvider.System)));
        }
        else
        {
            explain.Parameters.Add(Sql.Value(TimeSpan.FromSeconds(1)));
        }

        List<string> lines = [];
        await using (NpgsqlDataReader reader = await explain.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        }

        await transaction.RollbackAsync();
        return string.Join('\n', lines);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
