using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Reach;

/// <summary>What was done to a tenant's accounts, the latest first.</summary>
internal sealed class ListAccountEvents(TenantReader reader)
{
    private const string Sql =
        """
        select e.id as "Id", e.action as "Action", e.actor_kind as "ActorKind", e.actor_id as "ActorId",
            e.subject_id as "SubjectId", e.note as "Note",
            e.address as "Address", e.at as "At"
        from account_events e
        where e.tenant_id = $1 and ($2::timestamptz is null or (e.at, e.id) < ($2, $3::uuid))
        order by e.at desc, e.id desc
        limit $4
        """;

    private const string First =
        """
        select min(e.at) as "At" from account_events e where e.tenant_id = $1 and e.action = $2
        """;

    /// <summary>When something was first done; null: never.</summary>
    public async Task<DateTime?> FirstAsync(TenantId tenant, string action, CancellationToken cancellationToken) =>
        await reader.FindAsync<DateTime?>(
            tenant, new NpgsqlBatchCommand(First).With(tenant.Value).With(action), cancellationToken);

    public Task<IReadOnlyList<AccountEvent>> RunAsync(
        TenantId tenant, DateTime? after, Guid? afterId, int rows, CancellationToken cancellationToken) =>
        reader.QueryAsync<AccountEvent>(
            tenant, new NpgsqlBatchCommand(Sql).With(tenant.Value).With(after).With(afterId).With(rows),
            cancellationToken);
}

/// <summary>One of them.</summary>
internal sealed record AccountEvent
{
    public Guid Id { get; init; }

    /// <summary>The audit name of an endpoint, or <c>support.enter</c>.</summary>
    public string Action { get; init; } = "";

    /// <summary><c>user</c>, <c>key</c> or <c>installation</c>.</summary>
    public string ActorKind { get; init; } = "";

    public Guid? ActorId { get; init; }

    public Guid? SubjectId { get; init; }

    /// <summary>Why, where whoever did it had to say; else empty.</summary>
    public string Note { get; init; } = "";

    /// <summary>From where, as far as the host knows.</summary>
    public string? Address { get; init; }

    public DateTime At { get; init; }
}
