using Npgsql;
using Vellarys.Accounts.Access;
using Vellarys.Http;
using Vellarys.Storage;

namespace Vellarys.Accounts.Keys;

/// <summary>
/// A tenant's keys for machines. They are the tenant's and not their maker's: who leaves takes none along. Only hashes
/// are stored, and of 256 random bits a fast one will do.
/// </summary>
internal sealed class ApiKeys(NpgsqlDataSource database, TenantReader reader, TimeProvider time)
{
    private const string Insert =
        """
        insert into api_keys (tenant_id, id, name, hash, scopes, created_by, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string Select =
        """
        select k.id as "Id", k.name as "Name", k.scopes as "Scopes", k.created_by as "CreatedBy",
            k.created_at as "CreatedAt", k.expires_at as "ExpiresAt", k.last_used_at as "LastUsedAt",
            k.revoked_at as "RevokedAt"
        from api_keys k
        where k.tenant_id = $1 and ($2::uuid is null or k.id = $2)
        order by k.created_at desc, k.id
        """;

    private const string Revoke =
        """
        update api_keys k set revoked_at = coalesce(k.revoked_at, now())
        where k.tenant_id = $1 and k.id = $2
        """;

    /// <summary>The key, which is shown this once.</summary>
    public async Task<(ApiKeyRow Row, string Text)> CreateAsync(
        TenantId tenant, string name, string[] scopes, Guid? by, DateTimeOffset? expires,
        CancellationToken cancellationToken)
    {
        Guid id = Ids.New(time);
        (string text, string secret) = ApiKeyText.Make(id);
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Insert)
            .With(tenant.Value).With(id).With(name).With(FixedTime.Hash(secret)).With(scopes).With(by)
            .With(expires?.UtcDateTime));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return ((await FindAsync(tenant, id, cancellationToken))!, text);
    }

    public Task<IReadOnlyList<ApiKeyRow>> ListAsync(TenantId tenant, CancellationToken cancellationToken) =>
        reader.QueryAsync<ApiKeyRow>(
            tenant, new NpgsqlBatchCommand(Select).With(tenant.Value).With((Guid?)null), cancellationToken);

    public Task<ApiKeyRow?> FindAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        reader.FindAsync<ApiKeyRow>(
            tenant, new NpgsqlBatchCommand(Select).With(tenant.Value).With((Guid?)id), cancellationToken);

    /// <summary>Holds from its next call on.</summary>
    public async Task<bool> RevokeAsync(TenantId tenant, Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Revoke).With(tenant.Value).With(id));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[1].RecordsAffected == 1;
    }
}
