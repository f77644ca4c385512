using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Teams;

/// <summary>The teams of a tenant with their members, in the order in which they came.</summary>
internal sealed class ListTeams(TenantReader reader)
{
    private const string Sql =
        """
        select t.id as "Id", t.name as "Name", t.created_at as "CreatedAt", t.updated_at as "UpdatedAt",
            array(
                select m.agent_id from team_members m
                where m.tenant_id = t.tenant_id and m.team_id = t.id
                order by m.created_at, m.agent_id
            ) as "Members"
        from teams t
        where t.tenant_id = $1 and ($2::timestamptz is null or (t.created_at, t.id) > ($2, $3::uuid))
        order by t.created_at, t.id
        limit $4
        """;

    /// <param name="after">With <paramref name="afterId"/> the last row of the page before.</param>
    public Task<IReadOnlyList<TeamRow>> RunAsync(
        TenantId tenant, DateTime? after, Guid? afterId, int rows, CancellationToken cancellationToken) =>
        reader.QueryAsync<TeamRow>(
            tenant, new NpgsqlBatchCommand(Sql).With(tenant.Value).With(after).With(afterId).With(rows),
            cancellationToken);
}

/// <summary>Some agents that customers are handed to together.</summary>
internal sealed record TeamRow
{
    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public Guid[] Members { get; init; } = [];

    public DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }
}
