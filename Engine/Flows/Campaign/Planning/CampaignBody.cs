using System.Text.Json;

namespace Vellarys.Flows.Campaign.Planning;

/// <summary>A campaign as a caller asks for it.</summary>
internal sealed record CampaignBody
{
    public string? Name { get; init; }

    /// <summary>The number that sends; not needed where the tenant has one only.</summary>
    public Guid? ChannelId { get; init; }

    /// <summary>Who is written to: these, 1 to 1,000; or <see cref="Audience"/>.</summary>
    public IReadOnlyList<Guid>? ContactIds { get; init; }

    /// <summary>Who is written to: all of these.</summary>
    public AudienceBody? Audience { get; init; }

    /// <summary>What is said; or <see cref="Variants"/>, of which each contact gets one.</summary>
    public CampaignVariant? Message { get; init; }

    /// <summary>Two to five to be compared.</summary>
    public IReadOnlyList<CampaignVariant>? Variants { get; init; }

    /// <summary>The least time between two messages, in ms. Default 0: as fast as the number sends.</summary>
    public int? IntervalMs { get; init; }

    public RolloutBody? Rollout { get; init; }

    /// <summary>Whether it starts at once. Default false: it is a draft.</summary>
    public bool? Start { get; init; }

    /// <summary>With <see cref="Start"/>: not before that.</summary>
    public DateTimeOffset? StartAt { get; init; }
}

/// <summary>Which contacts; what is not given does not matter.</summary>
internal sealed record AudienceBody
{
    /// <summary>A field of their metadata, and what it must be.</summary>
    public FieldBody? Field { get; init; }

    /// <summary><c>unknown</c>, <c>cold</c>, <c>warm</c>, <c>hot</c>.</summary>
    public IReadOnlyList<string>? Qualification { get; init; }

    /// <summary><c>open</c>, <c>won</c> or <c>lost</c>.</summary>
    public string? LeadStatus { get; init; }

    /// <summary>Who wrote after that.</summary>
    public DateTimeOffset? SeenAfter { get; init; }

    /// <summary>Who has not written since then.</summary>
    public DateTimeOffset? SeenBefore { get; init; }
}

internal sealed record FieldBody(string? Name, JsonElement Value);

/// <summary>In which steps a campaign goes out; what is not given is the tenant's setting.</summary>
internal sealed record RolloutBody
{
    /// <summary>So many first; 0: all at once.</summary>
    public int? First { get; init; }

    /// <summary>How long it is waited for what becomes of them.</summary>
    public int? WaitSeconds { get; init; }

    /// <summary>How many may fail before it stops itself.</summary>
    public int? MaxFailurePercent { get; init; }
}

/// <summary>When to start.</summary>
internal sealed record StartBody(DateTimeOffset? StartAt);

/// <summary>To whom a campaign is shown before it starts.</summary>
/// <param name="Variant">Which of the variants, from 0.</param>
internal sealed record TestBody(Guid? ContactId, int? Variant);
