using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Users;

/// <summary>
/// Whether somebody works for this tenant and none else, nor for the platform: only then may its administrators reset
/// what opens the account, for it opens no other door.
/// </summary>
internal sealed class IsSolelyOurs(NpgsqlDataSource database)
{
    private const string Sql =
        """
        select count(*) = count(*) filter (where m.tenant_id = $1) and not bool_or(u.is_platform_admin)
        from users u
        join memberships m on m.user_id = u.id
        where u.id = $2
        """;

    public async Task<bool> RunAsync(TenantId tenant, Guid user, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.Directory());
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(tenant.Value).With(user));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && !reader.IsDBNull(0) && reader.GetBoolean(0);
    }
}
