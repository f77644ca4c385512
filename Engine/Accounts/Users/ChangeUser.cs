using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Users;

/// <summary>Changes what somebody is to a tenant; holds from their next call on.</summary>
internal sealed class ChangeUser(NpgsqlDataSource database)
{
    private static readonly string Sql = EngineSql.Of<ChangeUser>("change-user.sql");

    // Two administrators who take each other's role away at once: one of them stays.
    public static NpgsqlBatchCommand Lock(TenantId tenant) =>
        new NpgsqlBatchCommand("select pg_advisory_xact_lock(hashtext('members ' || $1))").With(tenant.ToString());

    public async Task<UserChange> RunAsync(
        TenantId tenant, Guid user, string name, string role, Guid? profile, bool active,
        CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(Lock(tenant));
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value).With(user).With(name).With(role).With(profile).With(active));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (!reader.GetBoolean(0)) return UserChange.Nobody;
        if (reader.GetBoolean(1)) return UserChange.Done;
        return reader.GetBoolean(2) ? UserChange.LastAdmin : UserChange.NoRoom;
    }
}
