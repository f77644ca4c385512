using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Reach;

/// <summary>From where a tenant's people and keys are heard; empty for everywhere.</summary>
internal sealed class AllowedNetworks(NpgsqlDataSource database)
{
    private const string Read = "select t.allowed_networks from tenants t where t.id = $1";
    private const string Write = "update tenants t set allowed_networks = $2, updated_at = now() where t.id = $1";

    public async Task<string[]> ReadAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Read).With(tenant.Value));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? reader.GetFieldValue<string[]>(0) : [];
    }

    public async Task WriteAsync(TenantId tenant, string[] networks, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Write).With(tenant.Value).With(networks));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
