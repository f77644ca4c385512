using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Flows.Kernel;

/// <summary>Starts a flow for a conversation; where one of that name runs already, nothing happens.</summary>
internal sealed class StartFlow(NpgsqlDataSource database)
{
    /// <param name="body">The first event's JSON.</param>
    /// <returns>Null when one runs already, or there is no such conversation.</returns>
    public async Task<FlowId?> RunAsync(
        TenantId tenant, string name, ConversationId conversation, string body, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            select start_flow($1, $2, c.id, c.contact_id, $4::json)
            from conversation_summaries c
            where c.tenant_id = $1 and c.id = $3
            """)
            .With(tenant.Value)
            .With(name)
            .With(conversation.Value)
            .With(body));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && !await reader.IsDBNullAsync(0, cancellationToken)
            ? new FlowId(reader.GetGuid(0))
            : null;
    }
}

/// <summary>Tells a flow that something happened.</summary>
public sealed class SignalFlow(NpgsqlDataSource database)
{
    /// <param name="signal">The key of the cause: the same signal twice is one event.</param>
    /// <param name="body">The event's JSON.</param>
    /// <returns>False when there is no such flow, or it has ended.</returns>
    public async Task<bool> RunAsync(
        TenantId tenant, FlowId flow, Guid signal, string body, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            select signal_flow(f.tenant_id, f.id, $3, $4::json)
            from flows f
            where f.tenant_id = $1 and f.id = $2 and f.ended_at is null
            """)
            .With(tenant.Value)
            .With(flow.Value)
            .With(signal)
            .With(body));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }
}
