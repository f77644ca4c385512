using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Channels.Media;

/// <summary>The table of files.</summary>
internal sealed class MediaRows(NpgsqlDataSource database, TenantReader reader)
{
    private const string FindSql =
        """
        select id as "Id", channel_id as "ChannelId", message_id as "MessageId", kind as "Kind", is_voice as "IsVoice",
            is_view_once as "IsViewOnce", mime_type as "MimeType", file_name as "FileName", size_bytes as "SizeBytes",
            sha256 as "Sha256", reference as "Reference", state as "State", reason as "Reason",
            created_at as "CreatedAt"
        from media where tenant_id = $1 and id = $2
        """;

    private const string StoredSql =
        """
        update media set state = 'stored', mime_type = $3, size_bytes = $4, sha256 = $5, stored_at = clock_timestamp(),
            reason = null, reference = null
        where tenant_id = $1 and id = $2 and state = 'waiting'
        """;

    private const string EndedSql =
        """
        update media set state = $3, reason = $4, reference = null
        where tenant_id = $1 and id = $2 and state = 'waiting'
        """;

    private const string UploadedSql =
        """
        insert into media (tenant_id, id, kind, is_voice, mime_type, file_name, size_bytes, sha256, state, stored_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 'stored', clock_timestamp())
        """;

    private const string OldSql =
        """
        select id from media
        where tenant_id = $1 and state in ('stored', 'deleted') and sha256 is not null
            and (state = 'deleted' or stored_at < clock_timestamp() - $2::interval)
        order by stored_at limit $3
        """;

    private const string DeletedSql =
        """
        update media set state = 'deleted', reason = coalesce(case when state = 'deleted' then reason end, 'retention'),
            sha256 = null
        where tenant_id = $1 and id = any ($2)
        """;

    /// <summary>Null where there is none.</summary>
    public Task<MediaRow?> FindAsync(TenantId tenant, Guid media, CancellationToken cancellationToken) =>
        reader.FindAsync<MediaRow>(
            tenant, new NpgsqlBatchCommand(FindSql).With(tenant.Value).With(media), cancellationToken);

    /// <summary>False where its message was taken back meanwhile: the file must go too.</summary>
    public async Task<bool> StoredAsync(
        TenantId tenant, Guid media, KeptFile.Stored file, CancellationToken cancellationToken) =>
        await RunAsync(tenant, new NpgsqlBatchCommand(StoredSql)
            .With(tenant.Value).With(media).With(file.MimeType).With(file.Size).With(file.Sha256), cancellationToken)
        > 0;

    /// <param name="state"><c>refused</c>, <c>gone</c> or <c>failed</c>.</param>
    public Task EndedAsync(
        TenantId tenant, Guid media, string state, string reason, CancellationToken cancellationToken) =>
        RunAsync(tenant, new NpgsqlBatchCommand(EndedSql)
            .With(tenant.Value).With(media).With(state).With(reason), cancellationToken);

    public Task UploadedAsync(
        TenantId tenant, Guid media, string kind, bool isVoice, string fileName, KeptFile.Stored file,
        CancellationToken cancellationToken) =>
        RunAsync(tenant, new NpgsqlBatchCommand(UploadedSql)
            .With(tenant.Value).With(media).With(kind).With(isVoice).With(file.MimeType).With(fileName)
            .With(file.Size).With(file.Sha256), cancellationToken);

    public async Task<IReadOnlyList<Guid>> OlderThanAsync(
        TenantId tenant, TimeSpan age, int most, CancellationToken cancellationToken) =>
        await reader.QueryAsync<Guid>(
            tenant, new NpgsqlBatchCommand(OldSql).With(tenant.Value).With(age).With(most), cancellationToken);

    public Task DeletedAsync(TenantId tenant, Guid[] media, CancellationToken cancellationToken) =>
        RunAsync(tenant, new NpgsqlBatchCommand(DeletedSql).With(tenant.Value).With(media), cancellationToken);

    private async Task<int> RunAsync(TenantId tenant, NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return (int)command.RecordsAffected;
    }
}
