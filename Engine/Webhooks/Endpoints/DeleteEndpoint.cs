using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Webhooks.Endpoints;

/// <summary>Removes an endpoint with all that waits for it.</summary>
internal sealed class DeleteEndpoint(NpgsqlDataSource database)
{
    /// <summary>False when there is none.</summary>
    public async Task<bool> RunAsync(TenantId tenant, Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("delete from webhook_endpoints where tenant_id = $1 and id = $2")
            .With(tenant.Value)
            .With(id));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[1].RecordsAffected == 1;
    }
}
