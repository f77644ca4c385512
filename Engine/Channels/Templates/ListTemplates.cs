using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Channels.Templates;

/// <summary>A tenant's templates, a page at a time by their names.</summary>
internal sealed class ListTemplates(TenantReader reader)
{
    private static readonly string Sql = EngineSql.Of<ListTemplates>("list-templates.sql");

    public Task<IReadOnlyList<TemplateRow>> RunAsync(
        TenantId tenant, Guid? channel, string? status, DateTime? afterAt, Guid? afterId, int rows,
        CancellationToken cancellationToken) =>
        reader.QueryAsync<TemplateRow>(
            tenant, Query(tenant, null, channel, status, afterAt, afterId, rows), cancellationToken);

    public Task<TemplateRow?> FindAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        reader.FindAsync<TemplateRow>(
            tenant, Query(tenant, id, null, null, null, null, 1), cancellationToken);

    private static NpgsqlBatchCommand Query(
        TenantId tenant, Guid? id, Guid? channel, string? status, DateTime? afterAt, Guid? afterId, int rows) =>
        new NpgsqlBatchCommand(Sql)
            .With(tenant.Value)
            .With(id)
            .With(channel)
            .With(status)
            .With(afterAt)
            .With(afterId)
            .With(rows)
            .OnlyGiven();
}
