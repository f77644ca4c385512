using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Teams;

/// <summary>The agents of a tenant with their load, in the order in which they came.</summary>
internal sealed class ListAgents(TenantReader reader)
{
    private static readonly string Sql = EngineSql.Of<ListAgents>("list-agents.sql");

    public Task<IReadOnlyList<AgentRow>> RunAsync(
        TenantId tenant, AgentFilter filter, CancellationToken cancellationToken) =>
        reader.QueryAsync<AgentRow>(
            tenant,
            new NpgsqlBatchCommand(Sql)
                .With(tenant.Value)
                .With(filter.Id)
                .With(filter.Presences)
                .With(filter.Active)
                .With(filter.Team)
                .With(filter.AfterAt)
                .With(filter.AfterId)
                .With(filter.Rows),
            cancellationToken);

    /// <summary>Null when there is no such agent.</summary>
    public async Task<AgentRow?> FindAsync(TenantId tenant, Guid agent, CancellationToken cancellationToken) =>
        (await RunAsync(tenant, new AgentFilter { Id = agent, Rows = 1 }, cancellationToken)).SingleOrDefault();
}

/// <summary>Which agents are wanted; null: whatever it is.</summary>
internal sealed record AgentFilter
{
    public Guid? Id { get; init; }

    public string[]? Presences { get; init; }

    public bool? Active { get; init; }

    /// <summary>Members of this team only.</summary>
    public Guid? Team { get; init; }

    /// <summary>With <see cref="AfterId"/> the last row of the page before.</summary>
    public DateTime? AfterAt { get; init; }

    public Guid? AfterId { get; init; }

    public int Rows { get; init; }
}
