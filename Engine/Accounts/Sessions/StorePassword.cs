using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Sessions;

/// <summary>Sets a password and ends the sessions that the old one opened.</summary>
internal sealed class StorePassword(NpgsqlDataSource database, Passwords passwords)
{
    private const string Sql = "update users u set password_hash = $2, updated_at = now() where u.id = $1";

    /// <param name="password">Without a fault.</param>
    /// <param name="except">The session that stays: the one in which it was asked for.</param>
    public async Task RunAsync(Guid user, string password, Guid? except, CancellationToken cancellationToken)
    {
        string hash = await passwords.HashAsync(password, cancellationToken);
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql).With(user).With(hash));
        batch.BatchCommands.Add(SessionStore.EndingAll(user, "password_changed", except));
        // Whoever asked may be gone by now: both or neither.
        await batch.ExecuteNonQueryAsync(CancellationToken.None);
    }
}
