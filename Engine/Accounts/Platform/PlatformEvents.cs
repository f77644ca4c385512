using Dapper;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Platform;

/// <summary>What those did who run the platform, the latest first.</summary>
internal sealed class PlatformEvents(NpgsqlDataSource database)
{
    private const string Sql =
        """
        select e.id as "Id", e.action as "Action", e.actor_kind as "ActorKind", e.actor_id as "ActorId",
            e.about_tenant as "TenantId", e.subject_id as "SubjectId", e.address as "Address",
            e.status::int as "Status", e.at as "At"
        from platform_events e
        where ($1::timestamptz is null or (e.at, e.id) < ($1, $2::uuid))
            and ($3::uuid is null or e.about_tenant = $3)
        order by e.at desc, e.id desc
        limit $4
        """;

    public async Task<IReadOnlyList<PlatformEvent>> ListAsync(
        DateTime? after, Guid? afterId, Guid? tenant, int rows, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(Sql).With(after).With(afterId).With(tenant).With(rows));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        Func<System.Data.Common.DbDataReader, PlatformEvent> parse = reader.GetRowParser<PlatformEvent>();
        List<PlatformEvent> found = [];
        while (await reader.ReadAsync(cancellationToken)) found.Add(parse(reader));
        return found;
    }
}

/// <summary>One of them.</summary>
internal sealed record PlatformEvent
{
    public Guid Id { get; init; }

    /// <summary>The audit name of an endpoint.</summary>
    public string Action { get; init; } = "";

    /// <summary><c>user</c> or <c>installation</c>.</summary>
    public string ActorKind { get; init; } = "";

    public Guid? ActorId { get; init; }

    /// <summary>To which it was done; null for none.</summary>
    public Guid? TenantId { get; init; }

    public Guid? SubjectId { get; init; }

    /// <summary>From where, as far as the host knows.</summary>
    public string? Address { get; init; }

    /// <summary>How it was answered: the HTTP status.</summary>
    public int Status { get; init; }

    public DateTime At { get; init; }
}
