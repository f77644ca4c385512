using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Vellarys.Storage.Schema;

namespace Vellarys.Storage;

/// <summary>The connection strings that follow from the options, one for each way into the database.</summary>
internal static class Connections
{
    private const int PreparedStatements = 100;

    /// <summary>Migrations: the owner, direct, as long as it takes.</summary>
    public static NpgsqlConnectionStringBuilder Owner(StorageOptions options)
    {
        NpgsqlConnectionStringBuilder result = DatabaseUrl.Parse(options.Url);
        result.ApplicationName = "vellarys_migrator";
        result.Pooling = false;
        result.CommandTimeout = 0;
        return result;
    }

    /// <summary>The product's pool, through PgBouncer where there is one.</summary>
    public static NpgsqlConnectionStringBuilder App(StorageOptions options)
    {
        NpgsqlConnectionStringBuilder result = Direct(options);
        bool bouncer = options.PgBouncerUrl.Length > 0;
        if (bouncer) result = Through(DatabaseUrl.Parse(options.PgBouncerUrl), result);
        result.Pooling = true;
        result.MaxPoolSize = options.Capacity;
        result.MinPoolSize = options.MinPoolSize;
        result.ConnectionIdleLifetime = 30;
        result.ConnectionLifetime = 3_600;
        // Nothing here leaves state on a session (all settings are local to a transaction), and a reset would reach
        // some other client's session behind PgBouncer.
        result.NoResetOnClose = true;
        // A prepared statement lives in one server session; behind PgBouncer the next transaction may get another.
        result.MaxAutoPrepare = bouncer ? 0 : PreparedStatements;
        result.AutoPrepareMinUsages = 2;
        return result;
    }

    /// <summary>Long-lived sessions that LISTEN: direct, outside any pool.</summary>
    public static NpgsqlConnectionStringBuilder Listen(StorageOptions options)
    {
        NpgsqlConnectionStringBuilder result = Direct(options);
        result.Pooling = false;
        // A quiet session notices a dead peer only by asking.
        result.KeepAlive = 30;
        return result;
    }

    /// <summary>
    /// The app role's password: the one in its address, or one that follows from the owner's. An owner without one
    /// (trusted on its machine, or signed in by a token) leaves the role without one too: what follows from nothing
    /// everybody can work out.
    /// </summary>
    public static string AppPassword(StorageOptions options)
    {
        if (options.AppUrl.Length > 0) return DatabaseUrl.Parse(options.AppUrl).Password ?? "";
        string? owners = DatabaseUrl.Parse(options.Url).Password;
        if (string.IsNullOrEmpty(owners)) return "";
        byte[] hash = HMACSHA256.HashData(Encoding.UTF8.GetBytes(owners), Encoding.UTF8.GetBytes(AppRole.Name));
        return Convert.ToBase64String(hash).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    private static NpgsqlConnectionStringBuilder Direct(StorageOptions options)
    {
        bool ownAddress = options.AppUrl.Length > 0;
        NpgsqlConnectionStringBuilder result = DatabaseUrl.Parse(ownAddress ? options.AppUrl : options.Url);
        if (!ownAddress)
        {
            result.Username = AppRole.Name;
            result.Password = AppPassword(options);
        }

        result.ApplicationName = InstanceName.ApplicationName(options);
        result.Timeout = (int)options.OpenTimeout.TotalSeconds;
        // The server's own limit comes first and leaves the session usable; this one is for a server that is gone.
        result.CommandTimeout = (int)options.StatementTimeout.TotalSeconds + 10;
        result.Multiplexing = false;
        result.IncludeErrorDetail = false;
        return result;
    }

    private static NpgsqlConnectionStringBuilder Through(
        NpgsqlConnectionStringBuilder bouncer, NpgsqlConnectionStringBuilder direct) =>
        new(direct.ConnectionString)
        {
            Host = bouncer.Host,
            Port = bouncer.Port,
            Database = bouncer.Database ?? direct.Database,
            Username = bouncer.Username ?? direct.Username,
            Password = bouncer.Password ?? direct.Password,
            SslMode = bouncer.SslMode,
        };
}
