using Npgsql;

namespace Vellarys.Storage.Schema;

/// <summary>
/// The role that the product runs as: it owns nothing and cannot bypass row-level security. Roles belong to the whole
/// cluster, so several databases may be preparing it at the same moment.
/// </summary>
internal static class AppRole
{
    public const string Name = "vellarys_app";
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Makes the role what it should be; touches nothing that already is.</summary>
    public static async Task EnsureAsync(
        NpgsqlDataSource owner, StorageOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                // The driver gives up a session that hears of a lost race, so each attempt has its own.
                await using NpgsqlConnection session = await owner.OpenConnectionAsync(cancellationToken);
                foreach (string change in await ChangesAsync(session, options, cancellationToken))
                {
                    await using NpgsqlCommand command = new(change, session);
                    await command.ExecuteNonQueryAsync(cancellationToken);
                }

                return;
            }
            catch (PostgresException e) when (attempt < Attempts && LostRace(e))
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>Refuses to run as a role that row-level security would not hold.</summary>
    public static async Task CheckAsync(NpgsqlDataSource app, CancellationToken cancellationToken)
    {
        const string sql =
            """
            select current_user,
                exists (select from pg_roles
                    where (rolsuper or rolbypassrls) and pg_has_role(current_user, oid, 'member')),
                exists (select from pg_class
                    where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
                        and pg_has_role(current_user, relowner, 'member'))
            """;
        await using NpgsqlCommand command = app.CreateCommand(sql);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        string role = reader.GetString(0);
        if (reader.GetBoolean(1))
            throw new PermanentFault(
                "unsafe_role",
                $"The database role {role} is, or may become, one that bypasses row-level security. Run as {Name}.");
        if (reader.GetBoolean(2))
            throw new PermanentFault("unsafe_role", $"The database role {role} owns tables. Run as {Name}.");
    }

    /// <summary>Another session wrote the same row of a shared catalog in between.</summary>
    private static bool LostRace(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation
        || (e.SqlState == PostgresErrorCodes.InternalError
            && e.MessageText.StartsWith("tuple concurrently", StringComparison.Ordinal));

    private static async Task<List<string>> ChangesAsync(
        NpgsqlConnection session, StorageOptions options, CancellationToken cancellationToken)
    {
        // An identity has no password that could be tried, and is not here to show its token.
        bool hasIdentity = options.AppIdentity.Length > 0;
        bool passwordWorks = hasIdentity || await CanLogInAsync(options, cancellationToken);
        await using NpgsqlCommand command = new(EngineSql.Read("Storage.Schema.app-role.sql"), session);
        command.Parameters.Add(new() { Value = Name });
        command.Parameters.Add(new() { Value = passwordWorks ? "" : Connections.AppPassword(options) });
        command.Parameters.Add(new() { Value = $"statement_timeout={Milliseconds(options.StatementTimeout)}" });
        command.Parameters.Add(new() { Value = $"lock_timeout={Milliseconds(options.LockTimeout)}" });
        command.Parameters.Add(new()
        {
            Value = $"idle_in_transaction_session_timeout={Milliseconds(options.IdleInTransactionTimeout)}",
        });
        command.Parameters.Add(new()
        {
            Value = hasIdentity ? $"aadauth,oid={options.AppIdentity},type=service" : "",
        });
        List<string> changes = [];
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) changes.Add(reader.GetString(0));
        return changes;
    }

    // The verifier itself is readable only by superusers, and what matters is whether the product gets in.
    private static async Task<bool> CanLogInAsync(StorageOptions options, CancellationToken cancellationToken)
    {
        NpgsqlConnectionStringBuilder login = Connections.Listen(options);
        await using NpgsqlConnection connection = new(login.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return true;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword
            or PostgresErrorCodes.InvalidAuthorizationSpecification or PostgresErrorCodes.InsufficientPrivilege)
        {
            return false;
        }
        catch (NpgsqlException e) when (string.IsNullOrEmpty(login.Password) && !e.IsTransient
            && e is not PostgresException && e.Message.StartsWith("No password", StringComparison.Ordinal))
        {
            throw new PermanentFault(
                "no_app_password",
                $"The server asks {Name} for a password, and DATABASE_URL holds none that one could follow from. "
                + "Give it one in DATABASE_APP_URL.", e);
        }
    }

    private static long Milliseconds(TimeSpan value) => (long)value.TotalMilliseconds;
}
