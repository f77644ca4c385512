using Npgsql;
using NpgsqlTypes;
using Vellarys.Storage;

namespace Vellarys.Messaging.Postgres;

/// <summary>What this folder's statements have in common.</summary>
internal static class Sql
{
    /// <summary>The channel on which queue names are notified.</summary>
    public const string Channel = "vellarys_queue";

    /// <summary>
    /// First in a batch that leases or settles, which is a worker's business. Losing such a commit in a crash of
    /// PostgreSQL only means that a message comes again, so it need not wait for the disk. And the plan must walk the
    /// index even when it is made while the table is empty, because it is kept for when it is not.
    /// </summary>
    public static NpgsqlBatchCommand Settings() => new(
        "select " + WorkerScope.Setting +
        """
        , set_config('synchronous_commit', 'off', true), set_config('enable_seqscan', 'off', true),
            set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true),
            set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
        """);

    /// <summary>
    /// The same for a look that sorts what it walked over; the walk itself must be the index's too. Returns the time.
    /// </summary>
    public static NpgsqlBatchCommand LookSettings() => new(
        "select now(), " + WorkerScope.Setting +
        """
        , set_config('synchronous_commit', 'off', true),
            set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)
        """);

    public static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

    public static NpgsqlParameter<T[]> Array<T>(NpgsqlDbType element, T[] values) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element };

    /// <summary>A parameter whose type PostgreSQL could not tell from a null.</summary>
    public static NpgsqlParameter Nullable<T>(NpgsqlDbType type, T? value) =>
        new() { NpgsqlDbType = type, Value = (object?)value ?? DBNull.Value };
}
