using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Knowledge;

/// <summary>A tenant's documents, in the order in which they came.</summary>
internal sealed class Documents(NpgsqlDataSource database, TenantReader reader)
{
    private const string List =
        """
        select d.id as "Id", d.title as "Title", d.created_at as "CreatedAt", d.updated_at as "UpdatedAt"
        from knowledge_documents d
        where d.tenant_id = $1 and ($2::uuid is null or d.id = $2)
            and ($3::timestamptz is null or (d.created_at, d.id) > ($3, $4))
        order by d.created_at, d.id
        limit $5
        """;

    private const string Pieces =
        """
        select c.body as "Body" from knowledge_chunks c
        where c.tenant_id = $1 and c.document_id = $2
        order by c.position
        """;

    private const string Remove = "delete from knowledge_documents where tenant_id = $1 and id = $2";

    public Task<IReadOnlyList<DocumentRow>> ListAsync(
        TenantId tenant, Guid? id, DateTime? after, Guid? afterId, int rows, CancellationToken cancellationToken) =>
        reader.QueryAsync<DocumentRow>(
            tenant,
            new NpgsqlBatchCommand(List).With(tenant.Value).With(id).With(after).With(afterId).With(rows),
            cancellationToken);

    /// <summary>What the assistant finds of it, in its order.</summary>
    public async Task<IReadOnlyList<string>> PiecesAsync(
        TenantId tenant, Guid id, CancellationToken cancellationToken) =>
    [
        .. (await reader.QueryAsync<Piece>(
            tenant, new NpgsqlBatchCommand(Pieces).With(tenant.Value).With(id), cancellationToken)).Select(p => p.Body),
    ];

    /// <summary>False when there is no such document.</summary>
    public async Task<bool> RemoveAsync(TenantId tenant, Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Remove).With(tenant.Value).With(id));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[1].RecordsAffected > 0;
    }

    private sealed record Piece
    {
        public string Body { get; init; } = "";
    }
}

/// <summary>A document without its text.</summary>
internal sealed record DocumentRow
{
    public Guid Id { get; init; }

    public string Title { get; init; } = "";

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
