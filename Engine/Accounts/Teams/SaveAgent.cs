using System.Text.Json;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Teams;

/// <summary>Adds an agent: offline, and in no team.</summary>
internal sealed class CreateAgent(NpgsqlDataSource database, TimeProvider time)
{
    private const string Sql =
        """
        insert into agents (tenant_id, id, name, role, capacity, skills, hours, notify_url, notify_phone, active)
        values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10)
        """;

    /// <param name="input">Without a fault.</param>
    public async Task<Guid> RunAsync(TenantId tenant, AgentInput input, CancellationToken cancellationToken)
    {
        Guid id = Ids.New(time);
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(tenant.Value).With(id).With(input));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return id;
    }
}

/// <summary>
/// Replaces what an agent is, but not whether they are there. Whoever can do more than before is offered what waits.
/// </summary>
internal sealed class UpdateAgent(NpgsqlDataSource database)
{
    private static readonly string Sql = EngineSql.Of<UpdateAgent>("update-agent.sql");

    /// <summary>False when there is no such agent.</summary>
    /// <param name="input">Without a fault.</param>
    public async Task<bool> RunAsync(
        TenantId tenant, Guid agent, AgentInput input, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value).With(agent).With(input));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }
}

/// <summary>What both write.</summary>
internal static class AgentColumns
{
    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, AgentInput input) => command
        .With(input.Name!.Trim())
        .With(input.Role!)
        .With((short)input.Capacity)
        .With(input.DistinctSkills())
        .With(input.Hours is null ? null : JsonSerializer.Serialize(input.Hours, TenantJson.Default.OpeningHours))
        .With(input.NotifyUrl)
        .With(input.NotifyPhone)
        .With(input.Active);
}
