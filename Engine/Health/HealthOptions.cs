namespace Vellarys.Health;

/// <summary>How the health report is made.</summary>
internal sealed class HealthOptions
{
    public const string Section = "Health";

    /// <summary>The longest a dependency is waited for. Default 300 ms, which keeps the report under 500 ms.</summary>
    public TimeSpan ProbeCap { get; set; } = TimeSpan.FromMilliseconds(300);
}
