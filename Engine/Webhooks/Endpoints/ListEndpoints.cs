using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Webhooks.Endpoints;

/// <summary>A tenant's endpoints with what waits for each, in the order in which they came.</summary>
internal sealed class ListEndpoints(TenantReader reader)
{
    private static readonly string Sql = EngineSql.Of<ListEndpoints>("list-endpoints.sql");

    public Task<IReadOnlyList<EndpointRow>> RunAsync(
        TenantId tenant, DateTime? after, Guid? afterId, int rows, CancellationToken cancellationToken) =>
        QueryAsync(tenant, null, after, afterId, rows, cancellationToken);

    public async Task<EndpointRow?> FindAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        (await QueryAsync(tenant, id, null, null, 1, cancellationToken)).SingleOrDefault();

    private Task<IReadOnlyList<EndpointRow>> QueryAsync(
        TenantId tenant, Guid? only, DateTime? after, Guid? afterId, int rows, CancellationToken cancellationToken) =>
        reader.QueryAsync<EndpointRow>(
            tenant,
            new NpgsqlBatchCommand(Sql).With(tenant.Value).With(only).With(after).With(afterId).With(rows),
            cancellationToken);
}
