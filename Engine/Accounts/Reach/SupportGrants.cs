using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Reach;

/// <summary>
/// That the platform's people may look into a tenant: granted by the tenant, for a while, with a reason. They read,
/// they change nothing; each entry is an account event.
/// </summary>
internal sealed class SupportGrants(NpgsqlDataSource database, TenantReader reader, TimeProvider time)
{
    private const string Insert =
        """
        insert into support_grants (tenant_id, id, granted_by, reason, until)
        values ($1, $2, $3, $4, now() + $5)
        """;

    private const string Select =
        """
        select g.id as "Id", g.granted_by as "GrantedBy", g.reason as "Reason", g.until as "Until",
            g.ended_at as "EndedAt", g.created_at as "CreatedAt"
        from support_grants g
        where g.tenant_id = $1
        order by g.until desc, g.id
        limit 200
        """;

    private const string End =
        """
        update support_grants g set ended_at = coalesce(g.ended_at, now())
        where g.tenant_id = $1 and g.id = $2
        """;

    public async Task<Guid> GrantAsync(
        TenantId tenant, Guid? by, string reason, TimeSpan lasts, CancellationToken cancellationToken)
    {
        Guid id = Ids.New(time);
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Insert)
            .With(tenant.Value).With(id).With(by).With(reason).With(lasts));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return id;
    }

    public Task<IReadOnlyList<SupportGrant>> ListAsync(TenantId tenant, CancellationToken cancellationToken) =>
        reader.QueryAsync<SupportGrant>(
            tenant, new NpgsqlBatchCommand(Select).With(tenant.Value), cancellationToken);

    /// <summary>Holds from the next call on; false when there is none such.</summary>
    public async Task<bool> EndAsync(TenantId tenant, Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(End).With(tenant.Value).With(id));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[1].RecordsAffected == 1;
    }
}

/// <summary>One of them.</summary>
internal sealed record SupportGrant
{
    public Guid Id { get; init; }

    /// <summary>Null for the installation's key.</summary>
    public Guid? GrantedBy { get; init; }

    public string Reason { get; init; } = "";

    public DateTime Until { get; init; }

    public DateTime? EndedAt { get; init; }

    public DateTime CreatedAt { get; init; }
}
