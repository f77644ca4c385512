using Npgsql;

namespace Vellarys.Storage;

/// <summary>What a <c>create index concurrently</c> leaves behind when it is interrupted: dropped before the next try.</summary>
internal static class InvalidIndexes
{
    public static async Task DropAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await using (NpgsqlCommand find = connection.CreateCommand())
        {
            find.CommandText = """
                select c.oid::regclass::text
                from pg_index i
                join pg_class c on c.oid = i.indexrelid
                join pg_namespace n on n.oid = c.relnamespace
                where not i.indisvalid and n.nspname = 'public' and c.relkind = 'i'
                """;
            await using NpgsqlDataReader reader = await find.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) names.Add(reader.GetString(0));
        }

        foreach (string name in names)
        {
            await using NpgsqlCommand drop = connection.CreateCommand();
            drop.CommandText = "drop index concurrently if exists " + name;
            await drop.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
