namespace Vellarys.Accounts;

/// <summary>What holds for a tenant's campaigns.</summary>
public sealed record CampaignSettings
{
    /// <summary>
    /// From when on nothing of a campaign is sent until <see cref="QuietUntil"/>, in the tenant's time zone. Default
    /// 00:00; past midnight when it is the later of the two, and no quiet at all when they are the same.
    /// </summary>
    public string QuietFrom { get; set; } = "00:00";

    /// <summary>When what waited since <see cref="QuietFrom"/> is sent. Default 00:00.</summary>
    public string QuietUntil { get; set; } = "00:00";

    /// <summary>
    /// The field of a contact's <c>metadata</c> that must be true for a campaign to write to them. Null (default): who
    /// has not opted out is written to.
    /// </summary>
    public string? ConsentField { get; set; }

    /// <summary>
    /// How many get a campaign's message before it looks whether they arrive. Default 100; 0 sends to all at once.
    /// </summary>
    public int FirstStage { get; set; } = 100;

    /// <summary>How long statuses of the first stage are waited for, in seconds. Default 15.</summary>
    public int StageSeconds { get; set; } = 15;

    /// <summary>Of what was sent, how much may fail before a campaign stops itself, in percent. Default 10.</summary>
    public int MaxFailurePercent { get; set; } = 10;

    /// <summary>The template of a campaign that names none; null (default): each must.</summary>
    public string? Template { get; set; }

    /// <summary>The language that <see cref="Template"/> is approved in. Default pt_BR.</summary>
    public string TemplateLanguage { get; set; } = "pt_BR";

    /// <summary>The currency of the prices. Default BRL.</summary>
    public string Currency { get; set; } = "BRL";

    /// <summary>
    /// What 10,000 messages of a marketing template cost, in units of <see cref="Currency"/>. Null (default): not
    /// known, and so is what a campaign costs.
    /// </summary>
    public int? MarketingPer10000 { get; set; }

    /// <summary>The same for a utility template.</summary>
    public int? UtilityPer10000 { get; set; }

    /// <summary>The same for an authentication template.</summary>
    public int? AuthenticationPer10000 { get; set; }

    /// <summary>What one message of a category costs; null where that is not known.</summary>
    /// <param name="category">Of a template, as <c>marketing</c>.</param>
    public decimal? PriceOf(string? category) => category switch
    {
        "marketing" => MarketingPer10000 / 10_000m,
        "utility" => UtilityPer10000 / 10_000m,
        "authentication" => AuthenticationPer10000 / 10_000m,
        _ => null,
    };
}
