using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Webhooks.Endpoints;

/// <summary>
/// Removes an endpoint with all that waits for it: in portions, because whoever records a message must not wait for the
/// end of thirty days of deliveries.
/// </summary>
internal sealed class DeleteEndpoint(NpgsqlDataSource database)
{
    private const int Portion = 5_000;

    private const string Silence =
        "update webhook_endpoints set events = '{}' where tenant_id = $1 and id = $2";

    private const string Forget =
        """
        delete from webhook_deliveries d
        where d.tenant_id = $1 and d.endpoint_id = $2 and d.event_id = any (array(
            select s.event_id from webhook_deliveries s where s.tenant_id = $1 and s.endpoint_id = $2 limit $3))
        """;

    private const string Remove = "delete from webhook_endpoints where tenant_id = $1 and id = $2";

    /// <summary>False when there is none. Broken off half-way it is still there, and hears nothing more.</summary>
    public async Task<bool> RunAsync(TenantId tenant, Guid id, CancellationToken cancellationToken)
    {
        if (await RunAsync(tenant, Of(Silence, tenant, id), cancellationToken) == 0) return false;
        while (await RunAsync(tenant, Of(Forget, tenant, id).With(Portion), cancellationToken) == Portion)
        {
            // There is more.
        }

        await RunAsync(tenant, Of(Remove, tenant, id), cancellationToken);
        return true;
    }

    private static NpgsqlBatchCommand Of(string sql, TenantId tenant, Guid id) =>
        new NpgsqlBatchCommand(sql).With(tenant.Value).With(id);

    private async Task<int> RunAsync(TenantId tenant, NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return (int)batch.BatchCommands[1].RecordsAffected;
    }
}
