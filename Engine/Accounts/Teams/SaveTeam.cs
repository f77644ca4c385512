using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Teams;

/// <summary>Adds a team without members. Names are unique whatever their case.</summary>
internal sealed class CreateTeam(NpgsqlDataSource database, TimeProvider time)
{
    public async Task<TeamChange> RunAsync(TenantId tenant, string name, CancellationToken cancellationToken)
    {
        Guid id = Ids.New(time);
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            insert into teams (tenant_id, id, name) values ($1, $2, $3)
            on conflict (tenant_id, lower(name)) do nothing
            """)
            .With(tenant.Value)
            .With(id)
            .With(name.Trim()));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[1].RecordsAffected == 1 ? new TeamChange.Done(id) : new TeamChange.NameTaken();
    }
}

/// <summary>Gives a team another name.</summary>
internal sealed class RenameTeam(NpgsqlDataSource database)
{
    public async Task<TeamChange> RunAsync(
        TenantId tenant, Guid team, string name, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            "update teams set name = $3, updated_at = now() where tenant_id = $1 and id = $2")
            .With(tenant.Value)
            .With(team)
            .With(name.Trim()));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return new TeamChange.NameTaken();
        }

        return batch.BatchCommands[1].RecordsAffected == 1 ? new TeamChange.Done(team) : new TeamChange.NotFound();
    }
}

/// <summary>Removes a team; its members stay agents.</summary>
internal sealed class DeleteTeam(NpgsqlDataSource database)
{
    private const string Sql =
        """
        with gone as (delete from teams t where t.tenant_id = $1 and t.id = $2 returning t.id)
        select g.id, wake_handoffs($1) from gone g
        """;

    /// <summary>False when there is no such team.</summary>
    public async Task<bool> RunAsync(TenantId tenant, Guid team, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(tenant.Value).With(team));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }
}

/// <summary>What saving a team led to.</summary>
internal abstract record TeamChange
{
    private TeamChange()
    {
    }

    public sealed record Done(Guid Id) : TeamChange;

    public sealed record NotFound : TeamChange;

    public sealed record NameTaken : TeamChange;
}
