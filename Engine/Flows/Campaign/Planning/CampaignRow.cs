using System.Text.Json.Serialization;

namespace Vellarys.Flows.Campaign.Planning;

/// <summary>A campaign in a list.</summary>
internal record CampaignRow
{
    public Guid Id { get; init; }

    public string Name { get; init; } = "";

    public Guid ChannelId { get; init; }

    /// <summary><c>draft</c>, <c>running</c>, <c>paused</c>, <c>cancelled</c> or <c>finished</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>Of a paused one: <c>staff</c>, or what it stopped itself for.</summary>
    public string? PauseReason { get; init; }

    public IReadOnlyList<CampaignVariant> Variants => CampaignVariant.Read(VariantsText);

    [JsonIgnore]
    public string VariantsText { get; init; } = "[]";

    public int IntervalMs { get; init; }

    /// <summary>How many it goes to.</summary>
    public int Total { get; init; }

    /// <summary>How many of them were written to or skipped.</summary>
    public int Released { get; init; }

    public DateTime? StartsAt { get; init; }

    public DateTime CreatedAt { get; init; }

    public DateTime? StartedAt { get; init; }

    public DateTime? EndedAt { get; init; }
}

/// <summary>A campaign by itself, with what became of it so far.</summary>
internal sealed record CampaignDetail : CampaignRow
{
    public CampaignProgress Progress { get; init; } = new();

    /// <summary>The same for each variant, in their order.</summary>
    public IReadOnlyList<CampaignProgress> ByVariant { get; init; } = [];

    /// <summary>By reason, of those that were skipped or failed.</summary>
    public IReadOnlyDictionary<string, long> Reasons { get; init; } = new Dictionary<string, long>();

    /// <summary>If all that still wait are sent.</summary>
    public CampaignCost? CostBefore { get; init; }

    /// <summary>Of what was sent so far.</summary>
    public CampaignCost? CostAfter { get; init; }
}

/// <summary>How many stand where; each recipient counts once.</summary>
internal sealed record CampaignProgress
{
    public long Waiting { get; init; }

    public long Queued { get; init; }

    /// <summary>May have been sent: nobody answered. Never sent again.</summary>
    public long Unknown { get; init; }

    public long Sent { get; init; }

    public long Delivered { get; init; }

    public long Read { get; init; }

    public long Failed { get; init; }

    public long Skipped { get; init; }

    public long Cancelled { get; init; }
}

/// <summary>One contact of a campaign.</summary>
internal sealed record RecipientRow
{
    public Guid ContactId { get; init; }

    public string? Name { get; init; }

    public int Variant { get; init; }

    /// <summary>
    /// <c>waiting</c>, <c>queued</c>, <c>unknown</c>, <c>sent</c>, <c>delivered</c>, <c>read</c>, <c>failed</c>,
    /// <c>skipped</c> or <c>cancelled</c>.
    /// </summary>
    public string Outcome { get; init; } = "";

    public string? Reason { get; init; }

    public Guid? MessageId { get; init; }

    public Guid? ConversationId { get; init; }

    public DateTime? QueuedAt { get; init; }

    [JsonIgnore]
    public int Position { get; init; }
}
