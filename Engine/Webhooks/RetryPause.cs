namespace Vellarys.Webhooks;

/// <summary>When a call is made again.</summary>
internal static class RetryPause
{
    // What the other side asks for is heard, but not beyond this.
    private static readonly TimeSpan MostAsked = TimeSpan.FromHours(2);

    /// <param name="failed">Attempts that failed, this one among them.</param>
    /// <param name="random">0 to 1: calls that failed together do not come again together.</param>
    /// <returns>Null when no attempt is left.</returns>
    public static TimeSpan? After(
        int failed, IReadOnlyList<TimeSpan> delays, TimeSpan? asked, double random)
    {
        if (failed > delays.Count) return null;
        TimeSpan pause = delays[failed - 1] * (1 + random / 5);
        TimeSpan wanted = asked > MostAsked ? MostAsked : asked ?? TimeSpan.Zero;
        return wanted > pause ? wanted : pause;
    }
}
