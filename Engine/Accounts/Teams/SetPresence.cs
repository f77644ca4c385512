using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Teams;

/// <summary>Says whether an agent is there. Whoever comes online is offered what waits.</summary>
internal sealed class SetPresence(NpgsqlDataSource database)
{
    private const string Sql =
        """
        with changed as (
            update agents a set presence = $3, updated_at = now()
            where a.tenant_id = $1 and a.id = $2 and (a.active or $3 = 'offline')
            returning a.id
        ),
        hint as materialized (
            select wake_handoffs($1) from changed where $3 = 'online'
        )
        select exists (select from changed), (select count(*) from hint)
        from agents a
        where a.tenant_id = $1 and a.id = $2
        """;

    /// <summary>Null when there is no such agent, false for one who is not active.</summary>
    /// <param name="presence">One of <see cref="AgentInput.Presences"/>.</param>
    public async Task<bool?> RunAsync(
        TenantId tenant, Guid agent, string presence, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value).With(agent).With(presence));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? reader.GetBoolean(0) : null;
    }
}
