namespace Vellarys.Messaging;

/// <summary>Exponential back-off with full jitter: retries of many messages that failed together spread out.</summary>
internal static class Backoff
{
    /// <summary>The longest delay after failed attempt <paramref name="attempt"/> (1 is the first).</summary>
    public static TimeSpan Ceiling(int attempt, TimeSpan first, TimeSpan cap)
    {
        double factor = Math.Pow(2, Math.Clamp(attempt - 1, 0, 30));
        return first * factor < cap ? first * factor : cap;
    }

    /// <summary>Anything between nothing and the ceiling, by <paramref name="random"/> (0 to 1).</summary>
    public static TimeSpan Delay(int attempt, TimeSpan first, TimeSpan cap, double random) =>
        Ceiling(attempt, first, cap) * random;
}
