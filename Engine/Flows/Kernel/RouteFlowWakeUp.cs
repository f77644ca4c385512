using Npgsql;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Flows.Kernel;

/// <summary>
/// What a <c>flow-events</c> message is for, where the host runs flows itself: errands are run here, for a flow the
/// host is told where to look.
/// </summary>
public sealed class RouteFlowWakeUp
{
    private static readonly string Sql = EngineSql.Of<RouteFlowWakeUp>("open-flows.sql");
    private readonly NpgsqlDataSource _database;
    private readonly IEnumerable<IFlowTask> _errands;

    internal RouteFlowWakeUp(NpgsqlDataSource database, IEnumerable<IFlowTask> errands) =>
        (_database, _errands) = (database, errands);

    /// <summary>The flow that wants to be looked at; null when there is nothing (more) to do.</summary>
    public async Task<FlowPlace?> RunAsync(ReceivedMessage received, CancellationToken cancellationToken)
    {
        FlowWakeUp hint = FlowWakeUp.Read(received);
        var tenant = new TenantId(hint.Tenant);
        try
        {
            if (hint.Flow is { } flow) return await FindAsync(tenant, new FlowId(flow), cancellationToken);
            await hint.Find(_errands).RunAsync(tenant, hint.Argument, cancellationToken);
            return null;
        }
        catch (NpgsqlException e)
        {
            throw StorageFaults.Translate(e);
        }
    }

    private async Task<FlowPlace?> FindAsync(TenantId tenant, FlowId flow, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = _database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(tenant.Value).With((Guid?)flow.Value));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new FlowPlace(tenant.Value, flow.Value, reader.GetString(1), reader.GetBoolean(2))
            : null;
    }
}

/// <summary>A running flow, as its orchestration carries it.</summary>
/// <param name="Name">The flow's kind, which is the orchestrator's name.</param>
/// <param name="IsStuck">Something should have moved it minutes ago, and hints did not help.</param>
public sealed record FlowPlace(Guid Tenant, Guid Flow, string Name, bool IsStuck = false);
