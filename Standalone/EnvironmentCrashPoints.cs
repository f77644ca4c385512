using System.Diagnostics;
using System.Globalization;

namespace Vellarys.Standalone;

/// <summary>
/// Kills this process, as <c>kill -9</c> would, when a named point is reached for the n-th time:
/// <c>VELLARYS_CRASH_AT=deliver:after-send:17</c>. For crash tests only.
/// </summary>
internal sealed class EnvironmentCrashPoints(string point, int count) : ICrashPoints
{
    public const string Variable = "VELLARYS_CRASH_AT";
    private int _left = count;

    /// <summary>Null when no crash was asked for.</summary>
    public static ICrashPoints? Read(string? setting)
    {
        int colon = setting?.LastIndexOf(':') ?? -1;
        return colon > 0 && int.TryParse(setting.AsSpan(colon + 1), CultureInfo.InvariantCulture, out int count)
            ? new EnvironmentCrashPoints(setting![..colon], count)
            : null;
    }

    public void Reach(string reached)
    {
        if (reached == point && Interlocked.Decrement(ref _left) == 0) Process.GetCurrentProcess().Kill();
    }
}
