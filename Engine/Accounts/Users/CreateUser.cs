using Npgsql;
using Vellarys.Accounts.Sessions;
using Vellarys.Storage;

namespace Vellarys.Accounts.Users;

/// <summary>
/// Lets somebody work for a tenant: a new account, or the one that goes by that e-mail address already. Who answers
/// customers becomes an agent as well.
/// </summary>
internal sealed class CreateUser(NpgsqlDataSource database, Passwords passwords, TimeProvider time)
{
    private static readonly string Sql = EngineSql.Of<CreateUser>("create-user.sql");

    /// <param name="input">Without a fault.</param>
    public async Task<UserCreation> RunAsync(TenantId tenant, UserInput input, CancellationToken cancellationToken)
    {
        string hash = await passwords.HashAsync(input.Password!, cancellationToken);
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value).With(Ids.New(time))
            .With(input.Email!.Trim()).With(input.Username!).With(input.Name!.Trim()).With(hash)
            .With(input.Role!).With(input.ProfileId).With(Ids.New(time)));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.IsDBNull(0)) return new UserCreation.UsernameTaken();
        return reader.GetBoolean(2)
            ? new UserCreation.Created(reader.GetGuid(0), WasThere: !reader.GetBoolean(1))
            : new UserCreation.AlreadyMember();
    }
}

/// <summary>How it ended.</summary>
internal abstract record UserCreation
{
    private UserCreation()
    {
    }

    /// <param name="WasThere">The account existed: it keeps its user name and password.</param>
    public sealed record Created(Guid Id, bool WasThere) : UserCreation;

    public sealed record UsernameTaken : UserCreation;

    public sealed record AlreadyMember : UserCreation;
}
