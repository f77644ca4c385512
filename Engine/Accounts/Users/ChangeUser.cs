using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Users;

/// <summary>Changes what somebody is to a tenant; holds from their next call on.</summary>
internal sealed class ChangeUser(NpgsqlDataSource database)
{
    private static readonly string Sql = EngineSql.Of<ChangeUser>("change-user.sql");

    /// <summary>Null when there is no such user, false for the last administrator.</summary>
    public async Task<bool?> RunAsync(
        TenantId tenant, Guid user, string name, string role, Guid? profile, bool active,
        CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        // Two administrators who take each other's role away at once: one of them stays.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_advisory_xact_lock(hashtext('members ' || $1))")
            .With(tenant.ToString()));
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value).With(user).With(name).With(role).With(profile).With(active));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetBoolean(0) ? reader.GetBoolean(1) : null;
    }
}
