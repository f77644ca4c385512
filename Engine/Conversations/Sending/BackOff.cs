namespace Vellarys.Conversations.Sending;

/// <summary>How long a provider that said "not now" is left alone when it did not say how long.</summary>
internal static class BackOff
{
    private const double CapSeconds = 30;

    /// <summary>
    /// A random wait that grows with the attempts: full jitter, so that waiting messages do not come back as one.
    /// </summary>
    public static TimeSpan For(int attempt) =>
        TimeSpan.FromSeconds(
            0.25 + Random.Shared.NextDouble() * Math.Min(CapSeconds, Math.Pow(2, Math.Min(attempt, 10))));

    /// <summary>The same for what has come back for so long already: what is put off counts no attempts.</summary>
    public static TimeSpan For(TimeSpan age) => TimeSpan.FromSeconds(
        0.25 + Random.Shared.NextDouble() * Math.Clamp(age.TotalSeconds / 2, 2, CapSeconds));
}
