namespace Vellarys.Jobs;

/// <summary>How long this process has been composed.</summary>
/// <param name="since">A timestamp of <paramref name="time"/>.</param>
internal sealed class Uptime(TimeProvider time, long since)
{
    public TimeSpan Now => time.GetElapsedTime(since);
}
