using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Vellarys.Storage;

/// <summary>Where the database is and how much of it this instance may use.</summary>
public sealed class StorageOptions
{
    public const string Section = "Database";

    /// <summary>The owner's address: migrations run as this role. A postgres:// URL or an Npgsql string. DATABASE_URL.</summary>
    public string Url { get; set; } = "";

    /// <summary>
    /// The address that the product itself uses. DATABASE_APP_URL. Default: <see cref="Url"/> as role
    /// <c>vellarys_app</c> with a password derived from the owner's, which the migrator sets.
    /// </summary>
    public string AppUrl { get; set; } = "";

    /// <summary>Default 60 s. Kept as a default of the role, so that it holds behind PgBouncer too.</summary>
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a statement waits for a lock. Default 5 s.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After this a transaction that does nothing is ended. Default 30 s.</summary>
    public TimeSpan IdleInTransactionTimeout { get; set; } = TimeSpan.FromSeconds(30);

    internal NpgsqlConnectionStringBuilder OwnerConnection()
    {
        NpgsqlConnectionStringBuilder result = DatabaseUrl.Parse(Url);
        result.ApplicationName = "vellarys_migrator";
        result.Pooling = false;
        result.CommandTimeout = 0;
        return result;
    }

    internal NpgsqlConnectionStringBuilder AppConnection()
    {
        if (AppUrl.Length > 0) return DatabaseUrl.Parse(AppUrl);
        NpgsqlConnectionStringBuilder result = DatabaseUrl.Parse(Url);
        result.Username = AppRole.Name;
        result.Password = AppPassword();
        return result;
    }

    internal string AppPassword()
    {
        if (AppUrl.Length > 0) return DatabaseUrl.Parse(AppUrl).Password ?? "";
        byte[] key = Encoding.UTF8.GetBytes(DatabaseUrl.Parse(Url).Password ?? "");
        byte[] hash = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(AppRole.Name));
        return Convert.ToBase64String(hash).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }
}
