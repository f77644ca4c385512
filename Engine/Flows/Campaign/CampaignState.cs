using Vellarys.Accounts;

namespace Vellarys.Flows.Campaign;

/// <summary>A running campaign as it stands in its row.</summary>
internal sealed record CampaignState
{
    public Guid Channel { get; init; }

    public IReadOnlyList<CampaignVariant> Variants { get; init; } = [];

    public TimeSpan Interval { get; init; }

    public int FirstStage { get; init; }

    public TimeSpan StageTime { get; init; }

    public int MaxFailurePercent { get; init; }

    public bool StagePassed { get; init; }

    public DateTimeOffset? StartsAt { get; init; }

    public DateTimeOffset? NextSendAt { get; init; }

    public DateTimeOffset? LastReleaseAt { get; init; }

    public int Released { get; init; }

    public int ForgivenFailures { get; init; }

    public int ForgivenSettled { get; init; }

    /// <summary>Whether it has been a while since what became of its messages was counted.</summary>
    public bool IsCountDue { get; init; }
}

/// <summary>What a look at a campaign shows.</summary>
/// <param name="Pending">How many are still to be released.</param>
/// <param name="Unclaimed">How many were released and wait to be sent.</param>
/// <param name="Counts">Null between two counts.</param>
internal sealed record CampaignLook(DateTimeOffset Now, long Pending, int Unclaimed, CampaignCounts? Counts)
{
    /// <summary>Why one of its templates may not be sent, as <c>template_paused</c>; null where all may.</summary>
    public string? Obstacle { get; init; }
}

/// <summary>What became of those that were released.</summary>
/// <param name="Open">On their way, or in doubt.</param>
/// <param name="Settled">Sent or failed.</param>
internal sealed record CampaignCounts(int Open, int Settled, int Failed);

/// <param name="PerSecond">What the channel's number sends in a second.</param>
internal sealed record CampaignPolicy(QuietHours Quiet, int PerSecond, string? ConsentField);
