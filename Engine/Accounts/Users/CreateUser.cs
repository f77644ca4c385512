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
    /// <param name="mayAttach">Whether an account that is there already may be let in.</param>
    public async Task<UserCreation> RunAsync(
        TenantId tenant, UserInput input, bool mayAttach, CancellationToken cancellationToken)
    {
        string hash = await passwords.HashAsync(input.Password!, cancellationToken);
        await using NpgsqlBatch batch = database.CreateBatch();
        // The last place of a plan is given once.
        batch.BatchCommands.Add(ChangeUser.Lock(tenant));
        batch.BatchCommands.Add(TenantScope.For(tenant));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql)
            .With(tenant.Value).With(Ids.New(time))
            .With(input.Email!.Trim()).With(input.Username!).With(input.Name!.Trim()).With(hash)
            .With(input.Role!).With(input.ProfileId).With(Ids.New(time)).With(input.AgentId)
            .With(mayAttach));
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (!reader.IsDBNull(2)) return new UserCreation.Refused(reader.GetString(2));
        return reader.IsDBNull(0)
            ? new UserCreation.Refused(UserCreation.UsernameTaken)
            : new UserCreation.Created(reader.GetGuid(0), WasThere: !reader.GetBoolean(1));
    }
}

/// <summary>How it ended.</summary>
internal abstract record UserCreation
{
    public const string UsernameTaken = "username_taken";
    public const string AlreadyMember = "already_member";

    private UserCreation()
    {
    }

    /// <param name="WasThere">The account existed: it keeps its user name and password.</param>
    public sealed record Created(Guid Id, bool WasThere) : UserCreation;

    /// <param name="Code"><c>already_member</c>, <c>account_elsewhere</c>, <c>plan_limit_reached</c> or
    /// <c>username_taken</c>.</param>
    public sealed record Refused(string Code) : UserCreation;
}
