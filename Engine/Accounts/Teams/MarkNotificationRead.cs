using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Teams;

/// <summary>Remembers that an agent has seen what they were told. Once more changes nothing.</summary>
internal sealed class MarkNotificationRead(NpgsqlDataSource database)
{
    /// <summary>False when the agent was told no such thing.</summary>
    public async Task<bool> RunAsync(
        TenantId tenant, Guid agent, Guid notification, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "update notifications set read = true where tenant_id = $1 and id = $2 and agent_id = $3")
            .With(tenant.Value)
            .With(notification)
            .With(agent));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[1].RecordsAffected == 1;
    }
}
