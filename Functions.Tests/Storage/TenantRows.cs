using System.Text.Json.Nodes;
using Npgsql;
using Vellarys.Tests.Support;

namespace Vellarys.Tests.Storage;

/// <summary>Makes rows for any tenant table from what the catalog says, and looks at them from behind.</summary>
internal sealed class TenantRows(NpgsqlDataSource owner, IReadOnlyList<TenantTable> tables)
{
    private int _counter;

    public IReadOnlyList<TenantTable> Tables => tables;

    public static async Task<TenantRows> CreateAsync(TestDatabase db) =>
        new(db.Owner, await TenantTables.DiscoverAsync(db.Owner));

    /// <summary>Sees to it that every table has a row of every tenant.</summary>
    public async Task FillAsync(params TenantId[] tenants)
    {
        foreach (TenantTable table in tables) await FillAsync(table, tenants);
    }

    public async Task FillAsync(TenantTable table, params TenantId[] tenants)
    {
        foreach (TenantId tenant in tenants)
        {
            if (await CountAsync(table, tenant) > 0) continue;
            await using NpgsqlCommand insert = owner.CreateCommand();
            Insert(insert.Parameters, await RowAsync(table, tenant), table, out string sql);
            insert.CommandText = sql;
            await insert.ExecuteNonQueryAsync();
        }
    }

    /// <param name="foreign">A foreign key that is to point at a row of <paramref name="foreignTenant"/>.</param>
    public async Task<NpgsqlBatchCommand> InsertAsync(TenantTable table, TenantId tenant, ForeignKey? foreign = null,
        TenantId? foreignTenant = null)
    {
        NpgsqlBatchCommand command = new();
        JsonObject row = await RowAsync(table, tenant, foreign, foreignTenant);
        Insert(command.Parameters, row, table, out string sql);
        command.CommandText = sql;
        return command;
    }

    public async Task<long> CountAsync(TenantTable table, params TenantId[] tenants)
    {
        await using NpgsqlCommand count =
            owner.CreateCommand($"select count(*) from {table.Name} where {table.Key} = any($1)");
        count.Parameters.Add(new() { Value = tenants.Select(t => t.Value).ToArray() });
        return (long)(await count.ExecuteScalarAsync())!;
    }

    /// <summary>Changes when any row of these tenants is touched, even where no value changes.</summary>
    public async Task<string> DigestAsync(params TenantId[] tenants)
    {
        IEnumerable<string> parts = tables.Select(t =>
            $"select count(*) || ':' || coalesce(sum(hashtextextended(x::text || x.xmin::text, 0)), 0) as part " +
            $"from {t.Name} x where {t.Key} = any($1)");
        await using NpgsqlCommand command =
            owner.CreateCommand($"select string_agg(part, ' ') from ({string.Join(" union all ", parts)}) p");
        command.Parameters.Add(new() { Value = tenants.Select(t => t.Value).ToArray() });
        return (string)(await command.ExecuteScalarAsync())!;
    }

    // jsonb_populate_record turns each text into the column's own type.
    private static void Insert(NpgsqlParameterCollection parameters, JsonObject row, TenantTable table, out string sql)
    {
        string columns = string.Join(", ", row.Select(c => c.Key));
        parameters.Add(new() { Value = row.ToJsonString() });
        sql = $"insert into {table.Name} ({columns}) select {columns} "
            + $"from jsonb_populate_record(null::{table.Name}, $1::text::jsonb)";
    }

    private async Task<JsonObject> RowAsync(
        TenantTable table, TenantId tenant, ForeignKey? foreign = null, TenantId? foreignTenant = null)
    {
        JsonObject row = [];
        foreach (RequiredColumn column in table.Required)
            row[column.Name] = column.Name == "user_id" ? await PersonAsync() : Value(column);
        foreach (ForeignKey key in table.ForeignKeys)
        {
            TenantId parent = key == foreign ? foreignTenant!.Value : tenant;
            for (int i = 0; i < key.Columns.Length; i++)
                row[key.Columns[i]] = await ParentAsync(key.Parent, key.ParentColumns[i], parent);
        }

        row[table.Key] = tenant.ToString();
        return row;
    }

    private async Task<string> ParentAsync(string table, string column, TenantId tenant)
    {
        string key = tables.Single(t => t.Name == table).Key;
        await using NpgsqlCommand find =
            owner.CreateCommand($"select {column}::text from {table} where {key} = $1 order by {column} limit 1");
        find.Parameters.Add(new() { Value = tenant.Value });
        return (string)(await find.ExecuteScalarAsync())!;
    }

    /// <summary>People are of no tenant, so no row of the tenant's is one.</summary>
    private async Task<string> PersonAsync()
    {
        string name = $"person{++_counter}";
        await using NpgsqlCommand insert = owner.CreateCommand(
            "insert into users (id, email, username, name) values (gen_random_uuid(), $1, $1, $1) returning id::text");
        insert.Parameters.Add(new() { Value = name });
        return (string)(await insert.ExecuteScalarAsync())!;
    }

    private JsonNode Value(RequiredColumn column) => column switch
    {
        { Literal: not null } => column.Literal,
        { Type: "uuid" } => Ids.New(TimeProvider.System).ToString(),
        { Type: "text" } => $"{column.Name} {++_counter}",
        { Type: "smallint" or "integer" or "bigint" or "real" or "double precision" or "numeric" } => ++_counter,
        { Type: "boolean" } => false,
        { Type: "timestamp with time zone" } => TimeProvider.System.GetUtcNow().ToString("O", null),
        { Type: "inet" } => $"192.0.2.{++_counter % 250}",
        { Type: "date" } => TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", null),
        { Type: "jsonb" or "json" } => new JsonObject(),
        { Type: "bytea" } => "\\x00",
        { Type: var type } when type.EndsWith("[]", StringComparison.Ordinal) => new JsonArray(),
        _ => throw new InvalidOperationException($"Teach this test to make a value of {column.Type}."),
    };
}
