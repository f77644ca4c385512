using Npgsql;

namespace Vellarys.Tests.Storage;

/// <summary>What the catalog says of a table that holds rows of tenants.</summary>
/// <param name="Name">The table's name.</param>
/// <param name="Key">The column that names the tenant: tenant_id, or id in tenants itself.</param>
/// <param name="Required">Columns that an insert must name.</param>
/// <param name="ForeignKeys">To other tenant tables.</param>
internal sealed record TenantTable(
    string Name, string Key, IReadOnlyList<RequiredColumn> Required, IReadOnlyList<ForeignKey> ForeignKeys);

/// <param name="Literal">A value that the column's check accepts, where it has one.</param>
internal sealed record RequiredColumn(string Name, string Type, string? Literal);

internal sealed record ForeignKey(string Table, string[] Columns, string Parent, string[] ParentColumns);

/// <summary>Finds every tenant table in the catalog, so that a table added tomorrow is tested tomorrow.</summary>
internal static class TenantTables
{
    /// <summary>Parents come before the tables that refer to them.</summary>
    public static async Task<IReadOnlyList<TenantTable>> DiscoverAsync(NpgsqlDataSource owner)
    {
        List<ForeignKey> keys = await ForeignKeysAsync(owner);
        List<TenantTable> found = [];
        await using NpgsqlCommand command = owner.CreateCommand(
            """
            select c.relname, a.attname, format_type(a.atttypid, null),
                a.attnotnull and not a.atthasdef and a.attidentity = '' as required,
                (select substring(pg_get_constraintdef(k.oid) from '''([^'']+)''') from pg_constraint k
                 where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum] limit 1)
            from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
                and c.relname not like 'queue\_%'
                and (c.relname = 'tenants' or exists (
                    select from pg_attribute t where t.attrelid = c.oid and t.attname = 'tenant_id'))
            order by c.relname, a.attnum
            """);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        Dictionary<string, List<RequiredColumn>> columns = [];
        while (await reader.ReadAsync())
        {
            if (!columns.TryGetValue(reader.GetString(0), out List<RequiredColumn>? list))
                columns[reader.GetString(0)] = list = [];
            if (reader.GetBoolean(3))
                list.Add(new(
                    reader.GetString(1), reader.GetString(2), reader.IsDBNull(4) ? null : reader.GetString(4)));
        }

        foreach ((string name, List<RequiredColumn> required) in columns)
            found.Add(new(name, name == "tenants" ? "id" : "tenant_id", required,
                [.. keys.Where(k => k.Table == name && columns.ContainsKey(k.Parent))]));
        return ParentsFirst(found);
    }

    private static async Task<List<ForeignKey>> ForeignKeysAsync(NpgsqlDataSource owner)
    {
        await using NpgsqlCommand command = owner.CreateCommand(
            """
            select conrelid::regclass::text, confrelid::regclass::text,
                array(select attname::text from unnest(conkey) with ordinality as k(number, place)
                    join pg_attribute on attrelid = conrelid and attnum = number order by place),
                array(select attname::text from unnest(confkey) with ordinality as k(number, place)
                    join pg_attribute on attrelid = confrelid and attnum = number order by place)
            from pg_constraint where contype = 'f' and conparentid = 0
            """);
        List<ForeignKey> keys = [];
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            keys.Add(new(reader.GetString(0), reader.GetFieldValue<string[]>(2),
                reader.GetString(1), reader.GetFieldValue<string[]>(3)));
        return keys;
    }

    private static List<TenantTable> ParentsFirst(List<TenantTable> tables)
    {
        List<TenantTable> sorted = [];
        while (sorted.Count < tables.Count)
        {
            int before = sorted.Count;
            sorted.AddRange(tables.Except(sorted).Where(t => t.ForeignKeys.All(
                k => k.Parent == t.Name || sorted.Any(s => s.Name == k.Parent))).ToList());
            if (sorted.Count == before) throw new InvalidOperationException("Foreign keys form a circle.");
        }

        return sorted;
    }
}
