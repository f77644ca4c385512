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
        update media set state = 'stored', mime_type = $3, size_bytes = $4, sha256 = $5,
            file_name = coalesce($6, file_name), stored_at = clock_timestamp(), reason = null, reference = null
        where tenant_id = $1 and id = $2 and state = 'waiting'
        """;

    private const string EndedSql =
        """
        update media set state = $3, reason = $4, reference = null
        where tenant_id = $1 and id = $2 and state = 'waiting'
        """;

    private const string BeginUploadSql =
        """
        insert into media as m (tenant_id, id, kind, is_voice, state) values ($1, $2, $3, $4, 'waiting')
        on conflict (tenant_id, id) do update set
            kind = excluded.kind, is_voice = excluded.is_voice, created_at = excluded.created_at
        -- Its host died in the middle: no upload takes so long.
        where m.state = 'waiting' and m.channel_id is null and m.created_at < clock_timestamp() - interval '1 hour'
        """;

    private const string ForgetUploadSql =
        "delete from media where tenant_id = $1 and id = $2 and state = 'waiting' and channel_id is null";

    private const string DeletedSql =
        """
        update media set state = 'deleted', reason = case state when 'deleted' then reason else 'retention' end,
            sha256 = null
        where tenant_id = $1 and id = any ($2)
        """;

    private static readonly string OldSql = EngineSql.Of<MediaRows>("old-media.sql");
    private static readonly string RefetchSql = EngineSql.Of<MediaRows>("refetch-media.sql");

    /// <summary>Null where there is none.</summary>
    public Task<MediaRow?> FindAsync(TenantId tenant, Guid media, CancellationToken cancellationToken) =>
        reader.FindAsync<MediaRow>(
            tenant, new NpgsqlBatchCommand(FindSql).With(tenant.Value).With(media), cancellationToken);

    /// <summary>False where it is not waited for any more.</summary>
    /// <param name="name">Null: as it is.</param>
    public async Task<bool> StoredAsync(
        TenantId tenant, Guid media, KeptFile.Stored file, string? name, CancellationToken cancellationToken) =>
        await RunAsync(tenant, new NpgsqlBatchCommand(StoredSql)
            .With(tenant.Value).With(media).With(file.MimeType).With(file.Size).With(file.Sha256).With(name),
            cancellationToken) > 0;

    /// <summary>False where it is not waited for any more.</summary>
    /// <param name="state"><c>refused</c>, <c>gone</c> or <c>failed</c>.</param>
    public async Task<bool> EndedAsync(
        TenantId tenant, Guid media, string state, string reason, CancellationToken cancellationToken) =>
        await RunAsync(tenant, new NpgsqlBatchCommand(EndedSql)
            .With(tenant.Value).With(media).With(state).With(reason), cancellationToken) > 0;

    /// <summary>False where the id is taken.</summary>
    public async Task<bool> BeginUploadAsync(
        TenantId tenant, UploadInput upload, CancellationToken cancellationToken) =>
        await RunAsync(tenant, new NpgsqlBatchCommand(BeginUploadSql)
            .With(tenant.Value).With(upload.Id).With(upload.Kind).With(upload.IsVoice), cancellationToken) > 0;

    /// <summary>An upload of which nothing came.</summary>
    public Task ForgetUploadAsync(TenantId tenant, Guid media, CancellationToken cancellationToken) =>
        RunAsync(
            tenant, new NpgsqlBatchCommand(ForgetUploadSql).With(tenant.Value).With(media), cancellationToken);

    /// <summary>What waits and is in no queue is asked for again.</summary>
    public Task RefetchAsync(TenantId tenant, CancellationToken cancellationToken) =>
        RunAsync(tenant, new NpgsqlBatchCommand(RefetchSql).With(tenant.Value), cancellationToken);

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
