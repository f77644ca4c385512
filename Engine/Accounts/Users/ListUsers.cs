using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Users;

/// <summary>Who works for a tenant, who came last first.</summary>
internal sealed class ListUsers(TenantReader reader)
{
    private const string Columns =
        """
        select u.id as "Id", u.email as "Email", u.username as "Username", m.name as "Name", m.role as "Role",
            m.profile_id as "ProfileId", m.active and u.active as "Active", u.totp_confirmed as "HasTotp",
            a.id as "AgentId", m.created_at as "CreatedAt", m.updated_at as "UpdatedAt"
        from memberships m
        join users u on u.id = m.user_id
        left join agents a on a.tenant_id = m.tenant_id and a.user_id = m.user_id
        where m.tenant_id = $1
        """;

    private const string Page = Columns +
        """

            and ($2::boolean is null or (m.active and u.active) = $2)
            and ($3::timestamptz is null or (m.created_at, m.user_id) < ($3, $4::uuid))
        order by m.created_at desc, m.user_id desc
        limit $5
        """;

    private const string One = Columns + " and m.user_id = $2";

    public Task<IReadOnlyList<UserRow>> RunAsync(
        TenantId tenant, bool? active, DateTime? after, Guid? afterId, int rows,
        CancellationToken cancellationToken) =>
        reader.QueryAsync<UserRow>(
            tenant,
            new NpgsqlBatchCommand(Page).With(tenant.Value).With(active).With(after).With(afterId).With(rows),
            cancellationToken);

    public Task<UserRow?> FindAsync(TenantId tenant, Guid user, CancellationToken cancellationToken) =>
        reader.FindAsync<UserRow>(
            tenant, new NpgsqlBatchCommand(One).With(tenant.Value).With(user), cancellationToken);
}
