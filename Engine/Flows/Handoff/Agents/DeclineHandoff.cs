using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Flows.Handoff.Agents;

/// <summary>The person asked lets it pass; the next one is asked.</summary>
internal sealed class DeclineHandoff(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>False when nothing is offered to this person in this conversation.</summary>
    public async Task<bool> RunAsync(
        TenantId tenant, ConversationId conversation, Guid agent, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            select signal_flow(f.tenant_id, f.id, $4, json_build_object('kind', 'declined', 'agent', $3::uuid))
            from conversation_summaries c
            join flows f on f.tenant_id = c.tenant_id and f.conversation_id = c.id and f.name = 'handoff'
                and f.ended_at is null
            where c.tenant_id = $1 and c.id = $2 and c.status = 'waiting' and c.user_id = $3
            """)
            .With(tenant.Value)
            .With(conversation.Value)
            .With(agent)
            .With(Ids.New(time)));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }
}
