using Npgsql;
using Vellarys.Messaging;
using Vellarys.Storage;

namespace Vellarys.Flows.Kernel;

/// <summary>
/// What a <c>flow-events</c> message is for, where the host runs flows itself: tasks are run here, for a flow the
/// host is told where to look.
/// </summary>
public sealed class RouteFlowWakeUp
{
    private static readonly string Sql = EngineSql.Of<RouteFlowWakeUp>("open-flows.sql");
    private readonly NpgsqlDataSource _database;
    private readonly IEnumerable<IFlowTask> _tasks;

    internal RouteFlowWakeUp(NpgsqlDataSource database, IEnumerable<IFlowTask> tasks) =>
        (_database, _tasks) = (database, tasks);

    /// <summary>The flow that wants to be looked at; null when there is nothing (more) to do.</summary>
    public async Task<FlowPlace?> RunAsync(ReceivedMessage received, CancellationToken cancellationToken)
    {
        FlowWakeUp wakeUp = FlowWakeUp.Read(received);
        var tenant = new TenantId(wakeUp.Tenant);
        try
        {
            if (wakeUp.Flow is { } flow) return await FindAsync(tenant, new FlowId(flow), cancellationToken);
            await wakeUp.Find(_tasks).RunAsync(tenant, wakeUp.Argument, cancellationToken);
            return null;
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
    }

    private async Task<FlowPlace?> FindAsync(TenantId tenant, FlowId flow, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = _database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value)
            .With((Guid?)flow.Value)
            .With(StuckInstance.Grace));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new FlowPlace(tenant.Value, flow.Value, reader.GetString(1), reader.GetBoolean(2))
            : null;
    }
}

/// <summary>A running flow, as its orchestration carries it.</summary>
/// <param name="Name">The flow's kind, which is the orchestrator's name.</param>
/// <param name="IsStuck">Something should have moved it minutes ago, and wake-ups did not help.</param>
public sealed record FlowPlace(Guid Tenant, Guid Flow, string Name, bool IsStuck = false);
