using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Conversations.QuickReplies;

/// <summary>A tenant's quick replies: listed by their shortcuts, made, changed and deleted.</summary>
internal sealed class QuickReplyStore(NpgsqlDataSource database, TenantReader reader, TimeProvider time)
{
    private const string Columns =
        """
        select q.id as "Id", q.shortcut as "Shortcut", q.text as "Text", q.created_at as "CreatedAt",
            q.updated_at as "UpdatedAt"
        from quick_replies q
        where q.tenant_id = $1 and ($2::uuid is null or q.id = $2) and ($3::text is null or q.shortcut > $3)
        order by q.shortcut
        limit $4
        """;

    // A shortcut that another has is told by nothing being written.
    private const string AddSql =
        """
        insert into quick_replies (tenant_id, id, shortcut, text) values ($1, $2, $3, $4)
        on conflict (tenant_id, shortcut) do nothing
        """;

    private const string ChangeSql =
        """
        update quick_replies q set shortcut = $3, text = $4, updated_at = now()
        where q.tenant_id = $1 and q.id = $2 and not exists (
            select from quick_replies o where o.tenant_id = $1 and o.shortcut = $3 and o.id <> $2)
        """;

    private const string DeleteSql = "delete from quick_replies q where q.tenant_id = $1 and q.id = $2";

    public Task<IReadOnlyList<QuickReplyRow>> ListAsync(
        TenantId tenant, string? after, int rows, CancellationToken cancellationToken) =>
        reader.QueryAsync<QuickReplyRow>(tenant, Query(tenant, null, after, rows), cancellationToken);

    public Task<QuickReplyRow?> FindAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        reader.FindAsync<QuickReplyRow>(tenant, Query(tenant, id, null, 1), cancellationToken);

    /// <summary>Null where the shortcut is taken.</summary>
    public async Task<Guid?> AddAsync(
        TenantId tenant, string shortcut, string text, CancellationToken cancellationToken)
    {
        Guid id = Ids.New(time);
        return await WriteAsync(
            tenant, new NpgsqlBatchCommand(AddSql).With(tenant.Value).With(id).With(shortcut).With(text),
            cancellationToken)
            ? id
            : null;
    }

    /// <summary>False where there is none, or the shortcut is taken.</summary>
    public Task<bool> ChangeAsync(
        TenantId tenant, Guid id, string shortcut, string text, CancellationToken cancellationToken) => WriteAsync(
        tenant, new NpgsqlBatchCommand(ChangeSql).With(tenant.Value).With(id).With(shortcut).With(text),
        cancellationToken);

    public Task<bool> DeleteAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        WriteAsync(tenant, new NpgsqlBatchCommand(DeleteSql).With(tenant.Value).With(id), cancellationToken);

    private static NpgsqlBatchCommand Query(TenantId tenant, Guid? id, string? after, int rows) =>
        new NpgsqlBatchCommand(Columns).With(tenant.Value).With(id).With(after).With(rows).OnlyGiven();

    private async Task<bool> WriteAsync(
        TenantId tenant, NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return command.RecordsAffected == 1;
    }
}
