using Npgsql;
using Vellarys.Storage;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Messaging;

/// <summary>Queue bodies hold what customers wrote: each tenant's own, but for what works for all of them.</summary>
public sealed class QueueRowSecurityTests
{
    private static readonly TenantId Mine = new(Ids.New(TimeProvider.System));
    private static readonly TenantId Theirs = new(Ids.New(TimeProvider.System));

    public static TheoryData<string> Tables => ["queue_messages", "queue_dead_letters"];

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Rows_AreSeenByTheirTenantAndTheWorkerOnly(string table)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await FillAsync(database, table);

        Assert.Equal(0, await CountAsync(database, table, null));
        Assert.Equal(0, await CountAsync(database, table, TenantScope.Directory()));
        Assert.Equal(1, await CountAsync(database, table, TenantScope.For(Mine)));
        Assert.Equal(2, await CountAsync(database, table, TenantScope.For([Mine, Theirs])));
        Assert.Equal(3, await CountAsync(database, table, WorkerScope.Command()));
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Rows_OfAnotherTenant_AreNeitherChangedNorTaken(string table)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await FillAsync(database, table);

        Assert.Equal(1, await RunAsync(database, TenantScope.For(Mine), $"update {table} set body = 'changed'"));
        Assert.Equal(0, await RunAsync(
            database, TenantScope.For(Mine), $"delete from {table} where tenant_id = '{Theirs}'"));
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => RunAsync(
            database, TenantScope.For(Mine), $"update {table} set tenant_id = '{Theirs}'"));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task Insert_ForAnotherTenant_IsRefused()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        string insert = "insert into queue_messages (id, queue, tenant_id, body) "
            + $"values (gen_random_uuid(), 'q', '{Theirs}', '')";

        await Assert.ThrowsAsync<PostgresException>(() => RunAsync(database, TenantScope.For(Mine), insert));
        await Assert.ThrowsAsync<PostgresException>(() => RunAsync(database, null, insert));
        Assert.Equal(1, await RunAsync(database, TenantScope.For(Theirs), insert));
    }

    /// <summary>It runs beside this release while a deployment replaces it, and names no scope for the queue.</summary>
    [Fact]
    public async Task Sessions_OfTheReleaseBefore_WorkOn()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await FillAsync(database, "queue_messages");
        NpgsqlConnectionStringBuilder before = new(database.ConnectionString()) { ApplicationName = "vellarys_api" };
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(before);
        await using NpgsqlCommand count = source.CreateCommand("select count(*) from queue_messages");

        Assert.Equal(3L, await count.ExecuteScalarAsync());
    }

    private static async Task FillAsync(TestDatabase database, string table)
    {
        foreach (string tenant in (string[])[$"'{Mine}'", $"'{Theirs}'", "null"])
        {
            await using NpgsqlCommand insert = database.Owner.CreateCommand(table == "queue_messages"
                ? "insert into queue_messages (id, queue, tenant_id, body) "
                    + $"values (gen_random_uuid(), 'q', {tenant}, '')"
                : "insert into queue_dead_letters (id, queue, priority, attempts, tenant_id, body, code, reason, "
                    + $"enqueued_at) values (gen_random_uuid(), 'q', 1, 1, {tenant}, '', 'c', 'r', now())");
            await insert.ExecuteNonQueryAsync();
        }
    }

    private static async Task<long> CountAsync(TestDatabase database, string table, NpgsqlBatchCommand? scope)
    {
        await using NpgsqlBatch batch = database.App.CreateBatch();
        if (scope is not null) batch.BatchCommands.Add(scope);
        batch.BatchCommands.Add(new($"select count(*) from {table}"));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        if (scope is not null) await reader.NextResultAsync();
        await reader.ReadAsync();
        return reader.GetInt64(0);
    }

    private static async Task<int> RunAsync(TestDatabase database, NpgsqlBatchCommand? scope, string sql)
    {
        await using NpgsqlBatch batch = database.App.CreateBatch();
        if (scope is not null) batch.BatchCommands.Add(scope);
        batch.BatchCommands.Add(new(sql));
        return await batch.ExecuteNonQueryAsync();
    }
}
