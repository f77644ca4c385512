using Npgsql;
using Vellarys.Storage;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Storage;

public sealed class RowSecurityCatalogTests
{
    /// <summary>
    /// Tables that hold no tenant's rows, or, as the queue, are read for all tenants at once. People are of no tenant.
    /// </summary>
    private static readonly string[] WithoutTenant =
    [
        "job_runs", "oidc_states", "plans", "platform_events", "queue_consumers", "queue_dead_letters",
        "queue_messages", "queue_totals", "recovery_codes", "refresh_tokens", "schema_migrations", "sessions",
        "setup_links", "sign_in_attempts", "signing_keys", "unrouted_events", "user_identities", "users",
    ];

    [Fact]
    public async Task Table_NotOnTheShortList_IsATenantTable()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        const string sql =
            """
            select relname::text from pg_class
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'm', 'f') and not relispartition
            """;
        IReadOnlyList<TenantTable> tables = await TenantTables.DiscoverAsync(db.Owner);
        Assert.Equal(
            (await ListAsync(db, sql)).Order(StringComparer.Ordinal),
            tables.Select(t => t.Name).Concat(WithoutTenant).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TenantTable_Each_ForcesRowSecurityWithOnePolicyAnOperation()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        const string sql =
            """
            select relname::text from pg_class c
            where relrowsecurity and relforcerowsecurity and not relispartition and relname not like 'queue\_%'
                and (select array_agg(polcmd::text order by polcmd::text) from pg_policy where polrelid = c.oid)
                    = array['a', 'd', 'r', 'w']
                and not exists (select from pg_policy where polrelid = c.oid
                    and coalesce(pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
                        not like '%app_tenants()%')
            """;
        IReadOnlyList<TenantTable> tables = await TenantTables.DiscoverAsync(db.Owner);
        Assert.NotEmpty(tables);
        Assert.Equal(tables.Select(t => t.Name).Order(StringComparer.Ordinal),
            (await ListAsync(db, sql)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Partition_Each_IsOutOfTheAppsReach()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        const string all = "select relname::text from pg_class where relispartition and relkind = 'r'";
        Assert.NotEmpty(await ListAsync(db, all));
        const string open =
            """
            select relname::text from pg_class
            where relispartition and relkind = 'r' and (not relrowsecurity or not relforcerowsecurity
                or has_table_privilege('vellarys_app', oid, 'select, insert, update, delete, truncate'))
            """;
        Assert.Empty(await ListAsync(db, open));
    }

    [Fact]
    public async Task ForeignKey_BetweenTenantTables_CarriesTheTenant()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        IReadOnlyList<TenantTable> tables = await TenantTables.DiscoverAsync(db.Owner);
        Assert.All(tables.SelectMany(t => t.ForeignKeys), key => Assert.Equal(
            key.Parent == "tenants" ? "id" : "tenant_id",
            key.ParentColumns[Array.IndexOf(key.Columns, "tenant_id")]));
    }

    [Fact]
    public async Task Insert_ReferringToAnotherTenantsRow_IsRefusedEvenWithBothInScope()
    {
        await using TestDatabase db = await TestDatabase.CreateAsync();
        TenantRows rows = await TenantRows.CreateAsync(db);
        TenantId a = new(Ids.New(TimeProvider.System)), b = new(Ids.New(TimeProvider.System));
        int tried = 0;
        // Parents come first, so each table is tried while it is empty: no unique key answers for the foreign key.
        foreach (TenantTable table in rows.Tables)
        {
            foreach (ForeignKey key in table.ForeignKeys.Where(k => k.Parent != "tenants"))
            {
                await using NpgsqlConnection connection = await db.App.OpenConnectionAsync();
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
                await using NpgsqlBatch batch = new(connection, transaction)
                {
                    BatchCommands = { TenantScope.For([a, b]), await rows.InsertAsync(table, a, key, b) },
                };
                PostgresException error =
                    await Assert.ThrowsAsync<PostgresException>(() => batch.ExecuteNonQueryAsync());
                Assert.Equal((table.Name, PostgresErrorCodes.ForeignKeyViolation), (table.Name, error.SqlState));
                tried++;
            }

            await rows.FillAsync(table, a, b);
        }

        Assert.True(tried > 10, $"only {tried} foreign keys were found");
    }

    private static async Task<List<string>> ListAsync(TestDatabase db, string sql)
    {
        List<string> names = [];
        await using NpgsqlCommand command = db.Owner.CreateCommand(sql);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        return names;
    }
}
