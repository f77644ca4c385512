using Microsoft.Extensions.Configuration;

namespace Vellarys.Storage;

/// <summary>Where the database is and how much of it this instance may use.</summary>
public sealed class StorageOptions
{
    public const string Section = "Database";

    /// <summary>
    /// The owner's address, for migrations: a <c>postgres://</c> URL or Npgsql's key=value string. Leads straight to
    /// PostgreSQL, never to PgBouncer. Also read from <c>DATABASE_URL</c>.
    /// </summary>
    public string Url { get; set; } = "";

    /// <summary>
    /// The address that the product itself uses, as role <c>vellarys_app</c>; the migrator sets its password there.
    /// Default: <see cref="Url"/> with that role and a password derived from the owner's. To be set where several
    /// installations share one cluster, because roles belong to the cluster. Also read from <c>DATABASE_APP_URL</c>.
    /// </summary>
    public string AppUrl { get; set; } = "";

    /// <summary>
    /// Object id of the Entra identity that the product logs in with on Azure Database for PostgreSQL, where roles have
    /// no password; the migrator ties the role to it. Default none. Also read from <c>DATABASE_APP_IDENTITY</c>.
    /// </summary>
    public string AppIdentity { get; set; } = "";

    /// <summary>
    /// PgBouncer in transaction mode in front of the same database, for everything but migrations and LISTEN. User,
    /// password and database default to those of <see cref="AppUrl"/>. Default: none. Also read from
    /// <c>PGBOUNCER_URL</c>.
    /// </summary>
    public string PgBouncerUrl { get; set; } = "";

    /// <summary>
    /// Whether a starting host applies migrations. Default true; where false, <see cref="Url"/> may be left out if
    /// <see cref="AppUrl"/> is given.
    /// </summary>
    public bool MigrateAtStart { get; set; } = true;

    /// <summary>What <c>MIGRATE</c> says: 0 or false for no; null where it is not set.</summary>
    public static bool? Migrates(IConfiguration configuration) => configuration["MIGRATE"] is { Length: > 0 } said
        ? said != "0" && !said.Equals("false", StringComparison.OrdinalIgnoreCase)
        : null;

    /// <summary>Connections that all instances together may hold. Default 60. See <see cref="Instances"/>.</summary>
    public int ConnectionBudget { get; set; } = 60;

    /// <summary>How many instances share <see cref="ConnectionBudget"/>. Default 1; the most there can be.</summary>
    public int Instances { get; set; } = 1;

    /// <summary>
    /// Connections of one instance, beside the two that LISTEN. Default: its share of <see cref="ConnectionBudget"/>,
    /// which all instances together never pass, whatever is set here. Also read from <c>DB_POOL_SIZE</c>.
    /// </summary>
    public int? PoolSize { get; set; }

    /// <summary>
    /// How many more one instance may open when all of <see cref="PoolSize"/> are in use; they are closed again when
    /// they idle. Default 0; only together with <see cref="PoolSize"/>. Also read from <c>DB_MAX_OVERFLOW</c>.
    /// </summary>
    public int MaxOverflow { get; set; }

    /// <summary>
    /// Connections that one instance keeps open while nothing asks for them; those above are closed after 30 s without
    /// use. Default 0. Also read from <c>DB_POOL_MIN</c>.
    /// </summary>
    public int MinPoolSize { get; set; }

    /// <summary>
    /// By what name the database shows this instance's sessions (<c>pg_stat_activity</c>, <c>/health/pool</c>), after
    /// <c>vellarys/</c>. Default: the machine's name and the process's number. Letters, digits, dots and lines; cut off
    /// after 50.
    /// </summary>
    public string InstanceName { get; set; } = "";

    /// <summary>
    /// How long opening a connection may take: connecting, or waiting while the pool is exhausted (the driver has one
    /// clock for both). Whole seconds, default 5 s. After it the work fails as transient and its queue tries again.
    /// Also read from <c>DB_POOL_TIMEOUT</c>, in seconds.
    /// </summary>
    public TimeSpan OpenTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After this PostgreSQL cancels a statement. Default 60 s. A default of the role, like the next two, so that it
    /// holds behind PgBouncer too.
    /// </summary>
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a statement waits for a lock. Default 5 s.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After this PostgreSQL ends a session that sits in a transaction idly. Default 30 s.</summary>
    public TimeSpan IdleInTransactionTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Statements slower than this are logged, without their values. Default 500 ms.</summary>
    public TimeSpan SlowQuery { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>This instance's share of <see cref="ConnectionBudget"/>, less what it keeps for LISTEN.</summary>
    internal int Share => (ConnectionBudget / Math.Max(1, Instances)) - ListenSource.Connections;

    /// <summary>The most that this instance's pool opens.</summary>
    internal int Capacity => PoolSize is { } size ? size + MaxOverflow : Share;
}
