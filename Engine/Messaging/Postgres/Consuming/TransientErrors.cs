using Npgsql;

namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>Tells a database that is out of reach, or busy, from a statement that it refuses.</summary>
internal static class TransientErrors
{
    /// <summary>
    /// True for what time mends and what hits every statement alike: lost connections, an exhausted pool, a server
    /// that starts, stops or is out of resources, lost deadlocks.
    /// </summary>
    public static bool Is(Exception exception) => exception switch
    {
        PostgresException e => e.IsTransient || e.SqlState.AsSpan(0, 2) is "57" or "53" or "08" or "40"
            || e.SqlState == PostgresErrorCodes.LockNotAvailable,
        NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException => true,
        // A connection that broke under a command may surface as a closed one.
        ObjectDisposedException or InvalidOperationException { Source: "Npgsql" } => true,
        _ => false,
    };

    /// <summary>A code for logs, free of personal data.</summary>
    public static string Code(Exception exception) =>
        exception is PostgresException e ? e.SqlState : (exception.InnerException ?? exception).GetType().Name;

    /// <summary>
    /// How long to wait before try <paramref name="attempt"/> + 1: 50 ms at first, 5 s at most, jittered.
    /// </summary>
    public static TimeSpan Pause(int attempt)
    {
        TimeSpan ceiling = Backoff.Ceiling(attempt, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));
        return ceiling * (0.5 + Random.Shared.NextDouble() / 2);
    }
}
