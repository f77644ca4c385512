using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Vellarys.Limits;

/// <summary>
/// What instances may use together. Section <c>Limits</c>. What a customer may write in a minute is not among it: that
/// is a tenant's setting, and its count is in the database, where every instance sees it.
/// </summary>
public sealed class LimitsOptions
{
    public const string Section = "Limits";

    /// <summary>
    /// Messages that a number on Meta's Cloud API sends in any second, at most. Default 80, Meta's throughput for a
    /// number; up to 1,000 where Meta has raised it, 20 for a number shared with the WhatsApp app. 0: not paced.
    /// </summary>
    public int MessagesPerSecond { get; set; } = 80;

    /// <summary>
    /// Between two messages of a number to the same customer in the long run, on Meta's Cloud API. Default 6 s, Meta's
    /// pair limit. Zero: not paced.
    /// </summary>
    public TimeSpan PairInterval { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>Messages to the same customer that may go at once before that. Default 45.</summary>
    public int PairBurst { get; set; } = 45;

    /// <summary>
    /// The longest that a claimed message waits for its turn in place; beyond it the message returns to its queue and
    /// comes back when it is likely to go. Default 200 ms, 2 s at most: a claim that is held while the process dies
    /// counts as a send in doubt, and a takeover meanwhile does not stop it.
    /// </summary>
    public TimeSpan PaceWait { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Requests to one deployment of a model in any minute. Default 0: no limit of our own, because the account's real
    /// quota is not known here and a 429 holds all instances back anyhow. Worth setting where 429s are frequent.
    /// </summary>
    public int ModelRequestsPerMinute { get; set; }

    /// <summary>Tokens, in and out, of one deployment in any minute. Default 0: no limit of our own.</summary>
    public int ModelTokensPerMinute { get; set; }

    /// <summary>
    /// A tenant's requests a minute, so that a noisy one leaves something to the others. Unset (the default): four
    /// fifths of <see cref="ModelRequestsPerMinute"/>, none where that is none. 0: no limit.
    /// </summary>
    public int? TenantModelRequestsPerMinute { get; set; }

    /// <summary>Requests that one customer's conversation causes in a minute. Default 30. 0: no limit.</summary>
    public int CustomerModelRequestsPerMinute { get; set; } = 30;

    /// <summary>
    /// Whether the bot stops where the other side is an automatic reply too. Default true; false for load tests, whose
    /// customers are automatic.
    /// </summary>
    public bool StopsLoops { get; set; } = true;

    /// <exception cref="OptionsValidationException">Some settings are invalid; all of them are listed.</exception>
    internal static LimitsOptions Read(IConfiguration configuration)
    {
        LimitsOptions options = configuration.GetSection(Section).Get<LimitsOptions>() ?? new();
        string[] errors = [.. options.Errors().Select(error => $"{Section}:{error}")];
        if (errors.Length > 0) throw new OptionsValidationException(Section, typeof(LimitsOptions), errors);
        return options;
    }

    private IEnumerable<string> Errors()
    {
        if (MessagesPerSecond is < 0 or > 10_000) yield return $"{nameof(MessagesPerSecond)} must be 0 to 10000";
        if (PairInterval < TimeSpan.Zero || PairInterval > TimeSpan.FromHours(1))
            yield return $"{nameof(PairInterval)} must be 0 to 1 hour";
        if (PairBurst is < 1 or > 1_000) yield return $"{nameof(PairBurst)} must be 1 to 1000";
        if (PaceWait < TimeSpan.Zero || PaceWait > TimeSpan.FromSeconds(2))
            yield return $"{nameof(PaceWait)} must be 0 to 2 s";
        if (ModelRequestsPerMinute < 0) yield return $"{nameof(ModelRequestsPerMinute)} must not be negative";
        if (ModelTokensPerMinute < 0) yield return $"{nameof(ModelTokensPerMinute)} must not be negative";
        if (TenantModelRequestsPerMinute < 0)
            yield return $"{nameof(TenantModelRequestsPerMinute)} must not be negative";
        if (CustomerModelRequestsPerMinute < 0)
            yield return $"{nameof(CustomerModelRequestsPerMinute)} must not be negative";
    }
}
