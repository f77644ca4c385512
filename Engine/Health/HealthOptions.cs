using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

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

    /// <exception cref="OptionsValidationException">Some settings make no sense; all of them are listed.</exception>
    internal static HealthOptions Read(IConfiguration configuration)
    {
        HealthOptions options = configuration.GetSection(Section).Get<HealthOptions>() ?? new();
        string[] faults = [.. options.Faults()];
        return faults.Length == 0
            ? options
            : throw new OptionsValidationException(Section, typeof(HealthOptions), faults);
    }

    private IEnumerable<string> Faults()
    {
        TimeSpan most = TimeSpan.FromMinutes(1);
        if (ProbeCap <= TimeSpan.Zero || ProbeCap > most)
            yield return $"{Section}:{nameof(ProbeCap)} must be more than none and at most {most}";
        if (KeepFor < TimeSpan.Zero || KeepFor > most)
            yield return $"{Section}:{nameof(KeepFor)} must be none to {most}";
    }
}
