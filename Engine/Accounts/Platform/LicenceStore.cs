using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Platform;

/// <summary>A tenant's licences; one that ended is kept.</summary>
internal sealed class LicenceStore(NpgsqlDataSource database, TenantReader reader, TimeProvider time)
{
    private const string List =
        """
        select id as "Id", host(server_ip) as "ServerIp", note as "Note", active as "Active",
            created_at as "CreatedAt", ended_at as "EndedAt"
        from licences
        where tenant_id = $1 and ($2::text is null or server_ip = $2::inet) and ($3::boolean is null or active = $3)
        order by created_at, id
        limit 1000
        """;

    private const string Add =
        """
        insert into licences (tenant_id, id, server_ip, note) values ($1, $2, $3::inet, $4)
        on conflict (tenant_id, server_ip) where active do nothing
        returning id as "Id", host(server_ip) as "ServerIp", note as "Note", active as "Active",
            created_at as "CreatedAt", ended_at as "EndedAt"
        """;

    private const string End =
        "update licences set active = false, ended_at = now() where tenant_id = $1 and id = $2 and active";

    /// <param name="server">Of this server only; null for all.</param>
    public Task<IReadOnlyList<LicenceRow>> ListAsync(
        TenantId tenant, string? server, bool? active, CancellationToken cancellationToken) =>
        reader.QueryAsync<LicenceRow>(
            tenant, new NpgsqlBatchCommand(List).With(tenant.Value).With(server).With(active), cancellationToken);

    /// <summary>Null while there is an active one for the server.</summary>
    public Task<LicenceRow?> AddAsync(
        TenantId tenant, string server, string note, CancellationToken cancellationToken) =>
        reader.FindAsync<LicenceRow>(
            tenant,
            new NpgsqlBatchCommand(Add).With(tenant.Value).With(Ids.New(time)).With(server).With(note),
            cancellationToken);

    /// <summary>False when there is no such active one.</summary>
    public async Task<bool> EndAsync(TenantId tenant, Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(End).With(tenant.Value).With(id));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[1].RecordsAffected > 0;
    }
}

/// <summary>That a server may run for a tenant.</summary>
internal sealed record LicenceRow
{
    public Guid Id { get; init; }

    public string ServerIp { get; init; } = "";

    public string Note { get; init; } = "";

    public bool Active { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? EndedAt { get; init; }
}
