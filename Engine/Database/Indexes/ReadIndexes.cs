using Dapper;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Database.Indexes;

/// <summary>Every index of the product's schema as the database has it.</summary>
internal sealed class ReadIndexes(NpgsqlDataSource database)
{
    private static readonly string Sql = EngineSql.Of<ReadIndexes>("indexes.sql");

    public async Task<IReadOnlyList<IndexState>> RunAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<IndexState>(
            new CommandDefinition(Sql, cancellationToken: cancellationToken))];
    }
}
