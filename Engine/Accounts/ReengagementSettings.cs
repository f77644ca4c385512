namespace Vellarys.Accounts;

/// <summary>How a customer who went silent is written to.</summary>
public sealed record ReengagementSettings
{
    /// <summary>Default false: nobody is written to unasked.</summary>
    public bool Enabled { get; set; }

    /// <summary>
    /// What is said when, in order. Default: free text after 240 and 1,200 minutes, templates after 4,320 and 10,080,
    /// which are skipped until they are named. A list replaces the default as a whole.
    /// </summary>
    public IReadOnlyList<ReengagementStage> Stages { get; set; } =
    [
        new() { AfterMinutes = 240 }, new() { AfterMinutes = 1_200 }, new() { AfterMinutes = 4_320 },
        new() { AfterMinutes = 10_080 },
    ];

    /// <summary>Follow-ups that a customer gets in 30 days at most, of all stages together. Default 4.</summary>
    public int MaxPerMonth { get; set; } = 4;

    /// <summary>
    /// From when on nothing is sent until <see cref="QuietUntil"/>, in the tenant's time zone. Default 20:00; past
    /// midnight when it is the later of the two, and no quiet at all when they are the same.
    /// </summary>
    public string QuietFrom { get; set; } = "20:00";

    /// <summary>When what waited since <see cref="QuietFrom"/> is sent. Default 08:00.</summary>
    public string QuietUntil { get; set; } = "08:00";

    /// <summary>The language that the stages' templates are approved in. Default pt_BR.</summary>
    public string TemplateLanguage { get; set; } = "pt_BR";

    /// <summary>By what the stages say, not by which list holds them.</summary>
    public bool Equals(ReengagementSettings? other) => other is not null
        && (Enabled, MaxPerMonth, QuietFrom, QuietUntil, TemplateLanguage)
            == (other.Enabled, other.MaxPerMonth, other.QuietFrom, other.QuietUntil, other.TemplateLanguage)
        && Stages.SequenceEqual(other.Stages);

    public override int GetHashCode() =>
        HashCode.Combine(Enabled, MaxPerMonth, QuietFrom, QuietUntil, TemplateLanguage, Stages.Count);
}

/// <summary>One follow-up.</summary>
public sealed record ReengagementStage
{
    /// <summary>
    /// Since the customer's last message, in minutes. Default 1,440. From 24 hours on only a template can be sent.
    /// </summary>
    public int AfterMinutes { get; set; } = 1_440;

    /// <summary>The approved template, which may be sent at any time; null (default) for free text.</summary>
    public string? Template { get; set; }

    /// <summary>
    /// What is said, or what the history shows for a template; null (default) for a built-in text.
    /// </summary>
    public string? Text { get; set; }
}
