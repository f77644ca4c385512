using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Teams;

/// <summary>Puts an agent into a team. Once more changes nothing.</summary>
internal sealed class AddMember(NpgsqlDataSource database)
{
    private const string Sql =
        """
        with wanted as materialized (
            select exists (select from teams t where t.tenant_id = $1 and t.id = $2) as team,
                exists (select from agents a where a.tenant_id = $1 and a.id = $3) as agent
        ),
        added as (
            insert into team_members (tenant_id, team_id, agent_id)
            select $1, $2, $3 from wanted w where w.team and w.agent
            on conflict do nothing
            returning agent_id
        ),
        hint as materialized (select wake_handoffs($1) from added)
        select w.team, w.agent, (select count(*) from hint) from wanted w
        """;

    public async Task<(bool HasTeam, bool HasAgent)> RunAsync(
        TenantId tenant, Guid team, Guid agent, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value).With(team).With(agent));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetBoolean(0), reader.GetBoolean(1));
    }
}

/// <summary>Takes an agent out of a team.</summary>
internal sealed class RemoveMember(NpgsqlDataSource database)
{
    private const string Sql =
        """
        with gone as (
            delete from team_members m
            where m.tenant_id = $1 and m.team_id = $2 and m.agent_id = $3
            returning m.agent_id
        )
        select g.agent_id, wake_handoffs($1) from gone g
        """;

    /// <summary>False when the agent is no member.</summary>
    public async Task<bool> RunAsync(TenantId tenant, Guid team, Guid agent, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value).With(team).With(agent));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }
}
