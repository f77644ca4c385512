using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Profiles;

/// <summary>A tenant's profiles, by name: there are few.</summary>
internal sealed class ReadProfiles(TenantReader reader)
{
    private const string Sql =
        """
        select p.id as "Id", p.name as "Name", p.permissions as "Permissions",
            (select count(*) from memberships m where m.tenant_id = p.tenant_id and m.profile_id = p.id) as "Users",
            p.created_at as "CreatedAt", p.updated_at as "UpdatedAt"
        from profiles p
        where p.tenant_id = $1 and ($2::uuid is null or p.id = $2)
        order by lower(p.name)
        """;

    public Task<IReadOnlyList<ProfileRow>> ListAsync(TenantId tenant, CancellationToken cancellationToken) =>
        reader.QueryAsync<ProfileRow>(
            tenant, new NpgsqlBatchCommand(Sql).With(tenant.Value).With((Guid?)null), cancellationToken);

    public Task<ProfileRow?> FindAsync(TenantId tenant, Guid id, CancellationToken cancellationToken) =>
        reader.FindAsync<ProfileRow>(
            tenant, new NpgsqlBatchCommand(Sql).With(tenant.Value).With((Guid?)id), cancellationToken);
}
