using System.Net.Sockets;
using Npgsql;

namespace Vellarys.Storage;

/// <summary>
/// What a failed statement means: the one place that knows SQLSTATEs and the exceptions of a lost connection. Three
/// questions are asked, because they have different answers for a few errors; the table is in the test.
/// </summary>
internal static class TransientErrors
{
    /// <summary>
    /// Does time mend it? A queue's own statements carry no customer's values, so a lost race, a full disk or a broken
    /// pipe is tried again like a lost connection. A cancelled statement is not: its caller has stopped.
    /// </summary>
    public static bool MayPass(Exception exception) => exception switch
    {
        PostgresException e => e.IsTransient || IsServerTrouble(e.SqlState) || IsLostRace(e.SqlState),
        // A connection that broke under a command may surface as a closed one.
        ObjectDisposedException or InvalidOperationException { Source: "Npgsql" } => true,
        _ => IsLostConnection(exception),
    };

    /// <summary>A value that no statement takes, such as a text with the character NUL (class 22).</summary>
    public static bool IsBadValue(PostgresException exception) =>
        exception.SqlState.StartsWith("22", StringComparison.Ordinal);

    /// <summary>
    /// Does it hit every item of a set alike: a lost connection, a full server, a cancelled statement? False for what
    /// one item's values can cause, and for lost races, which smaller sets win.
    /// </summary>
    public static bool HitsEveryItem(Exception exception) => exception switch
    {
        PostgresException e => IsServerTrouble(e.SqlState),
        OperationCanceledException => true,
        _ => IsLostConnection(exception),
    };

    /// <summary>
    /// The same for the message that caused it. Retried later, or a dead letter: values that PostgreSQL refuses will be
    /// refused again.
    /// </summary>
    public static Exception Translate(NpgsqlException e)
    {
        if (e is not PostgresException p)
            return new TransientFault("storage_down", "the database is not reachable", e) { IsOutage = true };
        if (IsRefusedValue(p.SqlState))
            return new PermanentFault("storage_" + p.SqlState, "the database refused a value", e);
        return new TransientFault("storage_" + p.SqlState, "the database could not do it now", e)
        {
            // Lock waits and deadlocks are nobody's fault either.
            IsOutage = IsServerTrouble(p.SqlState)
                || p.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected,
        };
    }

    /// <summary>A code for logs, free of personal data.</summary>
    public static string Code(Exception exception) =>
        exception is PostgresException e ? e.SqlState : (exception.InnerException ?? exception).GetType().Name;

    // Connection, resources, operator, system. The queue's own classifier knew only 58000 and 58030 of the last class,
    // and the sets did not know IOException; both count everywhere now.
    private static bool IsServerTrouble(string state) => state.AsSpan(0, 2) is "08" or "53" or "57" or "58";

    // Serialization, deadlock; a lock that was not waited for.
    private static bool IsLostRace(string state) =>
        state.AsSpan(0, 2) is "40" || state == PostgresErrorCodes.LockNotAvailable;

    // Data exception, integrity constraint.
    private static bool IsRefusedValue(string state) => state.AsSpan(0, 2) is "22" or "23";

    private static bool IsLostConnection(Exception exception) =>
        exception is NpgsqlException and not PostgresException
            or TimeoutException or IOException or SocketException;
}
