using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Profiles;

/// <summary>Adds, changes and deletes profiles. A change holds from the next call of each who has it.</summary>
internal sealed class SaveProfile(NpgsqlDataSource database, TimeProvider time)
{
    private const string Insert =
        "insert into profiles (tenant_id, id, name, permissions) values ($1, $2, $3, $4) returning id";

    private const string Replace =
        """
        with changed as (
            update profiles p set name = $3, permissions = $4, updated_at = now()
            where p.tenant_id = $1 and p.id = $2
            returning p.id
        ),
        members as (
            update memberships m set version = m.version + 1
            from changed c
            where m.tenant_id = $1 and m.profile_id = c.id
        )
        select c.id from changed c
        """;

    private const string Remove =
        """
        delete from profiles p
        where p.tenant_id = $1 and p.id = $2
            and not exists (select from memberships m where m.tenant_id = $1 and m.profile_id = $2)
        returning p.id
        """;

    /// <summary>Null when the name is taken.</summary>
    public async Task<Guid?> CreateAsync(
        TenantId tenant, string name, string[] permissions, CancellationToken cancellationToken)
    {
        Guid id = Ids.New(time);
        return await RunAsync(tenant, Insert, id, name, permissions, cancellationToken) is null ? null : id;
    }

    /// <summary>Null when the name is taken, false when there is no such profile.</summary>
    public Task<bool?> UpdateAsync(
        TenantId tenant, Guid id, string name, string[] permissions, CancellationToken cancellationToken) =>
        RunAsync(tenant, Replace, id, name, permissions, cancellationToken);

    /// <summary>False when somebody has it, or there is none such.</summary>
    public async Task<bool> DeleteAsync(TenantId tenant, Guid id, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Remove).With(tenant.Value).With(id));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken);
    }

    private async Task<bool?> RunAsync(
        TenantId tenant, string sql, Guid id, string name, string[] permissions, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(sql)
            .With(tenant.Value).With(id).With(name).With(permissions));
        try
        {
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return null;
        }
    }
}
