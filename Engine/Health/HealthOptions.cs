namespace Vellarys.Health;

/// <summary>How the health report is made.</summary>
internal sealed class HealthOptions
{
    public const string Section = "Health";

    /// <summary>The longest a dependency is waited for. Default 300 ms, which keeps the report under 500 ms.</summary>
    public TimeSpan ProbeCap { get; set; } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// How long a report serves the next callers too, from when its check began. The endpoint is open: whoever asks
    /// again and again must not be a load on the database. Default 1 s.
    /// </summary>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromSeconds(1);
}
