using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Sessions;

/// <summary>Where somebody may work.</summary>
internal sealed class UserTenants(NpgsqlDataSource database)
{
    private const string Sql =
        """
        select m.tenant_id, t.name, m.role, m.version
        from memberships m
        join tenants t on t.id = m.tenant_id and t.status = 'active'
        where m.user_id = $1 and m.active
        order by m.created_at, m.tenant_id
        """;

    private const string Support =
        """
        select t.id, t.name
        from tenants t
        join support_grants g on g.tenant_id = t.id and g.ended_at is null and g.until > now()
        join users u on u.id = $2 and u.active and u.is_platform_admin
        where t.id = $1 and t.status = 'active'
        limit 1
        """;

    public async Task<IReadOnlyList<UserTenant>> ListAsync(Guid user, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.Directory());
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(user));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        List<UserTenant> all = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            all.Add(new UserTenant(
                new TenantId(reader.GetGuid(0)), reader.GetString(1), reader.GetString(2), reader.GetInt64(3)));
        }

        return all;
    }

    /// <summary>Of one of the platform's people: a tenant that lets them look; else null.</summary>
    public async Task<UserTenant?> FindSupportedAsync(
        Guid user, TenantId tenant, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Support).With(tenant.Value).With(user));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new UserTenant(tenant, reader.GetString(1), Access.BuiltInRoles.Support, 0)
            : null;
    }
}

/// <summary>One tenant of somebody's.</summary>
internal sealed record UserTenant(TenantId Id, string Name, string Role, long Version);
