using Npgsql;
using Vellarys.Conversations.Ownership;
using Vellarys.Storage;

namespace Vellarys.Flows.Handoff.Agents;

/// <summary>
/// The person asked, or any other while nobody is, takes the conversation. Two who accept at once: the row's lock
/// decides, and the second is refused.
/// </summary>
internal sealed class AcceptHandoff(ChangeOwner change, NpgsqlDataSource database)
{
    /// <summary>Null when there is no such active agent.</summary>
    public async Task<OwnerChange?> RunAsync(
        TenantId tenant, ConversationId conversation, Guid agent, CancellationToken cancellationToken)
    {
        if (!await IsActiveAsync(tenant, agent, cancellationToken)) return null;
        return await change.AcceptAsync(tenant, conversation, agent, cancellationToken);
    }

    private async Task<bool> IsActiveAsync(TenantId tenant, Guid agent, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "select id from agents_at_work where tenant_id = $1 and id = $2 and active")
            .With(tenant.Value)
            .With(agent));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }
}
