using System.Net.Sockets;
using Npgsql;

namespace Vellarys.Storage;

/// <summary>What a failed statement means for the message that caused it.</summary>
internal static class StorageFaults
{
    /// <summary>
    /// True for what hits every item of a set alike: a lost connection, a full server, a cancelled statement. False for
    /// what one item's values can cause, and for lost races, which smaller sets win.
    /// </summary>
    public static bool HitEveryItem(Exception e) =>
        e is NpgsqlException and not PostgresException or SocketException or TimeoutException
            or OperationCanceledException
        || e is PostgresException p && IsServerTrouble(p.SqlState);

    /// <summary>Retried later, or a dead letter: values that PostgreSQL refuses will be refused again.</summary>
    public static Exception Translate(NpgsqlException e)
    {
        if (e is not PostgresException p)
            return new TransientFault("storage_down", "the database is not reachable", e) { IsOutage = true };
        if (p.SqlState.StartsWith("22", StringComparison.Ordinal)
            || p.SqlState.StartsWith("23", StringComparison.Ordinal))
            return new PermanentFault("storage_" + p.SqlState, "the database refused a value", e);
        return new TransientFault("storage_" + p.SqlState, "the database could not do it now", e)
        {
            // Lock waits and deadlocks are nobody's fault either.
            IsOutage = IsServerTrouble(p.SqlState) || p.SqlState is "55P03" or "40P01",
        };
    }

    private static bool IsServerTrouble(string state) =>
        state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal)
        || state.StartsWith("57", StringComparison.Ordinal) || state.StartsWith("58", StringComparison.Ordinal);
}
