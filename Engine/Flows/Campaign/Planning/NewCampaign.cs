namespace Vellarys.Flows.Campaign.Planning;

/// <summary>A campaign that was checked as far as that needs no database.</summary>
internal sealed record NewCampaign(
    string Name, Guid? Channel, IReadOnlyList<CampaignVariant> Variants, int IntervalMs, int FirstStage,
    int StageSeconds, int MaxFailurePercent, bool Starts, DateTimeOffset? StartAt)
{
    public Guid[]? Contacts { get; init; }

    /// <summary>A JSON object that the contacts' metadata must hold.</summary>
    public string? Field { get; init; }

    public string[]? Qualifications { get; init; }

    public string? LeadStatus { get; init; }

    public DateTimeOffset? SeenAfter { get; init; }

    public DateTimeOffset? SeenBefore { get; init; }

    /// <summary>What a second request of the same kind is known by; null: it makes another campaign.</summary>
    public string? Fingerprint { get; init; }
}
