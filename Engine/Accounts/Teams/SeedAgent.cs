using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Teams;

/// <summary>
/// Adds an agent who is there from the start. With an id that is there already it changes nothing, so that set-up can
/// run again.
/// </summary>
public sealed class SeedAgent(NpgsqlDataSource database)
{
    private const string Sql =
        """
        insert into agents (tenant_id, id, name, role, capacity, presence) values ($1, $2, $3, $4, $5, 'online')
        on conflict (tenant_id, id) do nothing
        """;

    /// <summary>True when the agent is new.</summary>
    /// <param name="role"><c>agent</c> or <c>supervisor</c>.</param>
    /// <param name="capacity">Conversations at a time.</param>
    public async Task<bool> RunAsync(
        TenantId tenant, Guid id, string name, string role, int capacity, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value).With(id).With(name).With(role).With((short)capacity));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }

        return batch.BatchCommands[1].RecordsAffected == 1;
    }
}
