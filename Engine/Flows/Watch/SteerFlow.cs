using Npgsql;
using Vellarys.Flows.Kernel;
using Vellarys.Storage;

namespace Vellarys.Flows.Watch;

/// <summary>An operator's hand on a flow: try it again, or end it.</summary>
internal sealed class SteerFlow(NpgsqlDataSource database, SignalFlow signal, TimeProvider time)
{
    /// <summary>Advances it once more from its row. False when there is no such flow, or it has ended.</summary>
    public async Task<bool> RetryAsync(TenantId tenant, FlowId flow, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            with again as materialized (
                update flows set restarts = 0, faults = 0, fault = null
                where tenant_id = $1 and id = $2 and ended_at is null
                returning id
            )
            select wake_flow($1, a.id) from again a
            """)
            .With(tenant.Value)
            .With(flow.Value));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[1].Rows == 1;
    }

    /// <summary>Ends it, even if its own step fails. False when there is no such flow, or it has ended.</summary>
    public Task<bool> CancelAsync(TenantId tenant, FlowId flow, CancellationToken cancellationToken) =>
        signal.RunAsync(tenant, flow, Ids.New(time), FlowMachine.Cancelled, cancellationToken);
}
