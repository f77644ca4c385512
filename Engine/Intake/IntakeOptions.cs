using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vellarys.Intake;

/// <summary>How much is taken in of one tenant before the provider is asked to wait.</summary>
internal sealed class IntakeOptions
{
    public const string Section = "Intake";

    /// <summary>
    /// Messages of one tenant that may wait in the queues; beyond it webhooks that are this tenant's alone are answered
    /// 503, and the provider sends them again. Counted about once a second. 0: no limit. Default 50,000.
    /// </summary>
    public int MaxBacklog { get; set; } = 50_000;

    /// <summary>What the provider is asked to wait then. Default 30 s.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Events without a channel that are kept of one tenant's own apps, of 4 KB on average; ten times as many of the
    /// installation's. Beyond it a tenant's webhooks with nothing else are answered 503, and the provider sends them
    /// again; in others they are counted and let go, as is what no channel will ever take. Of the installation's, which
    /// everybody's webhooks come by, the oldest of the number that has most kept make room. 0: no limit. Default
    /// 10,000.
    /// </summary>
    public int MaxUnrouted { get; set; } = 10_000;

    /// <exception cref="OptionsValidationException">Some settings are invalid; all of them are listed.</exception>
    public static IntakeOptions Read(IConfiguration configuration)
    {
        IntakeOptions options = configuration.GetSection(Section).Get<IntakeOptions>() ?? new();
        string[] faults = [.. options.Faults()];
        return faults.Length == 0
            ? options
            : throw new OptionsValidationException(Section, typeof(IntakeOptions), faults);
    }

    private IEnumerable<string> Faults()
    {
        if (MaxBacklog is < 0 or > 100_000_000) yield return $"{Section}:{nameof(MaxBacklog)} must be 0 to 100,000,000";
        if (MaxUnrouted is < 0 or > 10_000_000)
            yield return $"{Section}:{nameof(MaxUnrouted)} must be 0 to 10,000,000";
        if (RetryAfter < TimeSpan.FromSeconds(1) || RetryAfter > TimeSpan.FromHours(1))
            yield return $"{Section}:{nameof(RetryAfter)} must lie between 1 s and 1 hour";
    }
}
