using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Knowledge;

/// <summary>
/// Puts a document into a tenant's knowledge base, or replaces it: the same id again leaves the same pieces, and a
/// search sees either the old ones or the new ones.
/// </summary>
public sealed class AddDocument(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>About 200 printed pages, in characters.</summary>
    public const int MaxLength = 500_000;

    public const int MaxTitleLength = 300;

    /// <param name="id">The caller's key of the document; the same one replaces it.</param>
    public async Task<AddedDocument> RunAsync(
        TenantId tenant, Guid id, string title, string text, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(title))
            return new AddedDocument.Refused("title_empty", "A document needs a title.");
        if (title.Length > MaxTitleLength)
            return new AddedDocument.Refused("title_too_long", $"A title has at most {MaxTitleLength} characters.");
        if (text.Length > MaxLength)
            return new AddedDocument.Refused("text_too_long", $"A document has at most {MaxLength} characters.");
        IReadOnlyList<string> chunks = TextChunks.Of(text.Replace("\0", "", StringComparison.Ordinal));
        if (chunks.Count == 0) return new AddedDocument.Refused("text_empty", "A document needs a text.");

        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(Document(tenant, id, title.Trim()));
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand("delete from knowledge_chunks where tenant_id = $1 and document_id = $2")
                .With(tenant.Value)
                .With(id));
        batch.BatchCommands.Add(Pieces(tenant, id, title.Trim(), chunks));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return new AddedDocument.Stored(chunks.Count);
    }

    // Its row is locked until the commit, so two versions at once follow each other.
    private static NpgsqlBatchCommand Document(TenantId tenant, Guid id, string title) =>
        new NpgsqlBatchCommand(
            """
            insert into knowledge_documents (tenant_id, id, title)
            values ($1, $2, $3)
            on conflict (tenant_id, id) do update set title = excluded.title, updated_at = now()
            """)
            .With(tenant.Value)
            .With(id)
            .With(title);

    private NpgsqlBatchCommand Pieces(TenantId tenant, Guid id, string title, IReadOnlyList<string> chunks) =>
        new NpgsqlBatchCommand(
            """
            insert into knowledge_chunks (tenant_id, id, document_id, position, title, body)
            select $1, p.id, $2, p.position - 1, $3, p.body
            from unnest($4::uuid[], $5::text[]) with ordinality as p (id, body, position)
            """)
            .With(tenant.Value)
            .With(id)
            .With(title)
            .WithColumn(chunks, _ => Ids.New(time))
            .WithColumn(chunks, c => c);
}

/// <summary>What adding a document led to.</summary>
public abstract record AddedDocument
{
    private AddedDocument()
    {
    }

    /// <param name="Chunks">How many pieces it was cut into.</param>
    public sealed record Stored(int Chunks) : AddedDocument;

    /// <param name="Code">Stable, e.g. <c>text_empty</c>.</param>
    public sealed record Refused(string Code, string Reason) : AddedDocument;
}
