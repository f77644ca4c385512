using Dapper;
using Npgsql;

namespace Vellarys.Storage;

/// <summary>
/// Runs one query as one tenant: scope and query travel in one batch, which PostgreSQL runs as one transaction, so a
/// read costs one round trip and nothing of the scope is left on the connection.
/// </summary>
internal sealed class TenantReader(NpgsqlDataSource database)
{
    /// <summary>Rows as <typeparamref name="T"/>, columns matched to its properties by name.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(
        TenantId tenant, NpgsqlBatchCommand query, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(query);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);

        Func<System.Data.Common.DbDataReader, T> parse = reader.GetRowParser<T>();
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken)) rows.Add(parse(reader));
        return rows;
    }

    /// <summary>The only row, or the default.</summary>
    public async Task<T?> FindAsync<T>(
        TenantId tenant, NpgsqlBatchCommand query, CancellationToken cancellationToken) =>
        (await QueryAsync<T>(tenant, query, cancellationToken)).SingleOrDefault();
}
