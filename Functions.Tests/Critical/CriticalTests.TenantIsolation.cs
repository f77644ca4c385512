using Npgsql;
using Vellarys.Storage;
using Vellarys.Tests.Storage;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Critical;

/// <summary>
/// Critical test 5: a tenant never sees, changes or refers to a row of another, whatever the statement forgets to say.
/// </summary>
public sealed class CriticalTest5_TenantANeverSeesTenantB
{
    private readonly TenantId _a = new(Ids.New(TimeProvider.System));
    private readonly TenantId _b = new(Ids.New(TimeProvider.System));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Statement_WithoutAnyWhere_ReachesOnlyTenantA(bool pgBouncer)
    {
        await using TestDatabase db = await TestDatabase.CreateAsync(pgBouncer);
        TenantRows rows = await TenantRows.CreateAsync(db);
        await rows.FillAsync(_a, _b);
        string untouched = await rows.DigestAsync(_b);
        foreach (TenantTable table in rows.Tables)
        {
            Assert.Equal([_a.Value], await SeenAsync(db, TenantScope.For(_a), table));
            Assert.Equal(1, await ChangedAsync(db, $"update {table.Name} set {table.Key} = {table.Key}"));
            PostgresException error = await Assert.ThrowsAsync<PostgresException>(
                async () => await ChangedAsync(db, await rows.InsertAsync(table, _b)));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
        }

        Assert.Equal(untouched, await rows.DigestAsync(_b));
    }

    [Fact]
    public async Task Statement_WithoutATenant_ReachesNothing()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        TenantRows rows = await TenantRows.CreateAsync(db);
        await rows.FillAsync(_a, _b);
        foreach (TenantTable table in rows.Tables) Assert.Empty(await SeenAsync(db, null, table));
    }

    [Fact]
    public async Task Upsert_OnTenantBsReceipt_IsRefused()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        TenantRows rows = await TenantRows.CreateAsync(db);
        await rows.FillAsync(_a, _b);
        await using NpgsqlCommand find = db.Owner.CreateCommand(
            "select channel_id, provider_message_id from receipts where tenant_id = $1");
        find.Parameters.Add(new() { Value = _b.Value });
        await using NpgsqlDataReader reader = await find.ExecuteReaderAsync();
        await reader.ReadAsync();
        NpgsqlBatchCommand upsert = new(
            """
            insert into receipts (tenant_id, channel_id, provider_message_id, kind, received_at)
            values ($1, $2, $3, 'text', now())
            on conflict (tenant_id, channel_id, provider_message_id)
                do update set outcome = 'taken', tenant_id = $4
            """)
        {
            Parameters =
            {
                new() { Value = _b.Value }, new() { Value = reader.GetGuid(0) }, new() { Value = reader.GetString(1) },
                new() { Value = _a.Value },
            },
        };
        PostgresException error = await Assert.ThrowsAsync<PostgresException>(() => ChangedAsync(db, upsert));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Scope_OfOneTransaction_NeverReachesTheNextOnTheSameConnection(bool pgBouncer)
    {
        await using TestDatabase db = await TestDatabase.CreateAsync(pgBouncer);
        TenantRows rows = await TenantRows.CreateAsync(db);
        await rows.FillAsync(_a, _b);
        TenantTable contacts = rows.Tables.Single(t => t.Name == "contacts");
        // Many more transactions than sessions, in every order.
        await Parallel.ForAsync(0, 600, new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (i, _) =>
        {
            TenantId? tenant = (i % 3) switch { 0 => _a, 1 => _b, _ => null };
            List<Guid> seen = await SeenAsync(db, tenant is null ? null : TenantScope.For(tenant.Value), contacts);
            Assert.Equal(tenant is null ? [] : [tenant.Value.Value], seen);
        });
    }

    private static async Task<List<Guid>> SeenAsync(TestDatabase db, NpgsqlBatchCommand? scope, TenantTable table)
    {
        await using NpgsqlConnection connection = await db.App.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using NpgsqlBatch batch = new(connection, transaction);
        if (scope is not null) batch.BatchCommands.Add(scope);
        batch.BatchCommands.Add(new($"select distinct {table.Key} from {table.Name}"));
        List<Guid> seen = [];
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        if (scope is not null) await reader.NextResultAsync();
        while (await reader.ReadAsync()) seen.Add(reader.GetGuid(0));
        return seen;
    }

    private Task<int> ChangedAsync(TestDatabase db, string sql) => ChangedAsync(db, new NpgsqlBatchCommand(sql));

    private async Task<int> ChangedAsync(TestDatabase db, NpgsqlBatchCommand command)
    {
        await using NpgsqlConnection connection = await db.App.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using NpgsqlBatch batch = new(connection, transaction)
        {
            BatchCommands = { TenantScope.For(_a), command },
        };
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return command.RecordsAffected;
    }
}
