using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Flows.Kernel;

/// <summary>Writes down that a flow could not be advanced, for whoever looks at it.</summary>
internal sealed class RecordFlowFault(NpgsqlDataSource database)
{
    public async Task RunAsync(TenantId tenant, FlowId flow, string code, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            update flows set faults = least(faults + 1, 1000), fault = $3
            where tenant_id = $1 and id = $2 and ended_at is null
            """)
            .With(tenant.Value)
            .With(flow.Value)
            .With(code));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
