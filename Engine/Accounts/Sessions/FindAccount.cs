using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Accounts.Sessions;

/// <summary>Reads what signing in needs of an account, by the name that was typed or by its id.</summary>
internal sealed class FindAccount(NpgsqlDataSource database)
{
    private const string Columns =
        """
        select u.id, u.email, u.username, u.name, u.password_hash, u.active, u.is_platform_admin,
            u.totp_secret, u.totp_confirmed
        from users u
        where
        """;

    // No user name has an @, so it is one account at most.
    private const string Named = Columns + " lower(u.email) = $1 or lower(u.username) = $1";
    private const string One = Columns + " u.id = $1";

    public Task<Account?> NamedAsync(string login, CancellationToken cancellationToken) =>
        ReadAsync(new NpgsqlBatchCommand(Named).With(login.Trim().ToLowerInvariant()), cancellationToken);

    public Task<Account?> WithIdAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync(new NpgsqlBatchCommand(One).With(id), cancellationToken);

    private async Task<Account?> ReadAsync(NpgsqlBatchCommand query, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = database.CreateBatch();
        batch.BatchCommands.Add(query);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return null;
        return new Account(
            reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
            reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetBoolean(5), reader.GetBoolean(6),
            reader.IsDBNull(7) ? null : reader.GetString(7), reader.GetBoolean(8));
    }
}

/// <summary>Somebody who can sign in.</summary>
/// <param name="TotpSecret">
/// As stored. There is one from the first step of enrolling on; it is asked for once confirmed.
/// </param>
internal sealed record Account(
    Guid Id, string Email, string Username, string Name, string? PasswordHash, bool IsActive, bool IsPlatformAdmin,
    string? TotpSecret, bool HasTotp);
