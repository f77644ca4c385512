using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vellarys.Webhooks;

/// <summary>How tenants' own systems are called.</summary>
internal sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>
    /// How long a call may take, from the name's look-up to the status line of the answer. Default 10 s.
    /// </summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The pause after each failed attempt, separated by commas; when they are used up the delivery is dead. Each is
    /// lengthened at random by up to a fifth. Default ten attempts over 24 to 28 hours.
    /// </summary>
    public string RetryDelays { get; set; } =
        "00:00:10,00:01:00,00:05:00,00:15:00,01:00:00,02:00:00,04:00:00,08:00:00,08:30:00";

    /// <summary>
    /// How long nothing but failures must come of an endpoint to count as down: then it is tried with one event at a
    /// time, and all others wait. So it counts after twenty failures on end, too. Default 15 minutes.
    /// </summary>
    public TimeSpan DownAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How often one that is down is tried; so long may pass until it is called again. Default 1 minute.
    /// </summary>
    public TimeSpan TryEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Calls of one endpoint at once, of one instance; of all of them while others wait; one while it is slow. Default
    /// 4.
    /// </summary>
    public int CallsPerEndpoint { get; set; } = 4;

    /// <summary>
    /// An endpoint of which nothing but failures came for this long, at least twenty, is disabled. Default 5 days.
    /// </summary>
    public TimeSpan DisableAfter { get; set; } = TimeSpan.FromDays(5);

    /// <summary>Staff is told once that an endpoint fails after this long. Default 1 hour.</summary>
    public TimeSpan TellAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long events can be replayed; then they are deleted. Default 30 days, at least 2.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Endpoints that a tenant may have. Default 20.</summary>
    public int MaxEndpoints { get; set; } = 20;

    /// <summary>True lets endpoints be on this very machine, and http: for development. Default false.</summary>
    public bool AllowLocal { get; set; }

    internal IReadOnlyList<TimeSpan> Delays { get; private set; } = [];

    /// <summary>How long all of them take at least: no event is given up before.</summary>
    internal TimeSpan TriedFor => new(Delays.Sum(d => d.Ticks));

    /// <exception cref="OptionsValidationException">Lists everything that is wrong.</exception>
    public static WebhookOptions Read(IConfiguration configuration)
    {
        WebhookOptions options = configuration.GetSection(Section).Get<WebhookOptions>() ?? new();
        string[] faults = [.. options.Parse()];
        if (faults.Length > 0) throw new OptionsValidationException(Section, typeof(WebhookOptions), faults);
        return options;
    }

    internal IEnumerable<string> Parse()
    {
        List<TimeSpan> delays = [];
        foreach (string text in RetryDelays.Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out TimeSpan delay)
                && delay >= TimeSpan.Zero && delay <= TimeSpan.FromDays(2)) delays.Add(delay);
            else yield return $"{Section}:{nameof(RetryDelays)} has {text}, which is no time of up to two days";
        }

        Delays = delays;
        if (delays.Count > 50) yield return $"{Section}:{nameof(RetryDelays)} must be 50 at most";
        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(1))
            yield return $"{Section}:{nameof(Timeout)} must lie between 0.1 s and 1 minute";
        if (CallsPerEndpoint is < 1 or > 64)
            yield return $"{Section}:{nameof(CallsPerEndpoint)} must lie between 1 and 64";
        if (DownAfter < TimeSpan.Zero) yield return $"{Section}:{nameof(DownAfter)} must not be negative";
        if (TryEvery < TimeSpan.FromSeconds(1) || TryEvery > TimeSpan.FromHours(1))
            yield return $"{Section}:{nameof(TryEvery)} must lie between 1 s and 1 hour";
        if (DisableAfter < TimeSpan.FromHours(1)) yield return $"{Section}:{nameof(DisableAfter)} must be at least 1 h";
        if (TellAfter < TimeSpan.Zero) yield return $"{Section}:{nameof(TellAfter)} must not be negative";
        if (Keep < TimeSpan.FromDays(2)) yield return $"{Section}:{nameof(Keep)} must be at least 2 days";
        if (MaxEndpoints is < 1 or > 1_000)
            yield return $"{Section}:{nameof(MaxEndpoints)} must lie between 1 and 1000";
    }
}
