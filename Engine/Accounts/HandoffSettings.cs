namespace Vellarys.Accounts;

/// <summary>How a person is found for a customer, and how long that may take.</summary>
public sealed record HandoffSettings
{
    /// <summary>How long an agent has to accept before the next is asked, in seconds. Default 60.</summary>
    public int OfferSeconds { get; set; } = 60;

    /// <summary>Agents asked, one after the other, before a supervisor is. Default 3.</summary>
    public int MaxOffers { get; set; } = 3;

    /// <summary>
    /// How often a handoff that found nobody looks again, in seconds. Default 60; an agent who comes online, or whose
    /// capacity grows, makes it look at once.
    /// </summary>
    public int RetrySeconds { get; set; } = 60;

    /// <summary>
    /// From the wish for a person to that person's first answer, in minutes of working time. Default 5.
    /// </summary>
    public int FirstResponseMinutes { get; set; } = 5;

    /// <summary>
    /// From the wish for a person to the end of the conversation, in minutes of working time. Default 480.
    /// </summary>
    public int ResolutionMinutes { get; set; } = 480;

    /// <summary>
    /// How much of <see cref="FirstResponseMinutes"/> or <see cref="ResolutionMinutes"/> has passed when the
    /// supervisors are warned, in percent. Default 80.
    /// </summary>
    public int WarnAtPercent { get; set; } = 80;

    /// <summary>
    /// The longest that a handoff looks for somebody, in hours of working time. Default 72.
    /// </summary>
    public int MaxHoursInQueue { get; set; } = 72;

    /// <summary>Who is asked first, by the reason of the handoff. Default: everybody, for every reason.</summary>
    public IReadOnlyList<HandoffRoute> Routes { get; set; } = [];

    /// <summary>Equal when all settings are, routes in their order.</summary>
    public bool Equals(HandoffSettings? other) => other is not null
        && (OfferSeconds, MaxOffers, RetrySeconds, FirstResponseMinutes, ResolutionMinutes)
            == (other.OfferSeconds, other.MaxOffers, other.RetrySeconds, other.FirstResponseMinutes,
                other.ResolutionMinutes)
        && (WarnAtPercent, MaxHoursInQueue) == (other.WarnAtPercent, other.MaxHoursInQueue)
        && Routes.SequenceEqual(other.Routes);

    public override int GetHashCode() =>
        HashCode.Combine(OfferSeconds, MaxOffers, RetrySeconds, FirstResponseMinutes, ResolutionMinutes, Routes.Count);
}

/// <summary>Who is asked first for one reason.</summary>
public sealed record HandoffRoute
{
    /// <summary>
    /// <c>customer_asked</c>, <c>hot_lead</c>, <c>complaint</c>, <c>assistant_unsure</c>, <c>attempts_exhausted</c>,
    /// <c>guard</c>, <c>loop</c>, <c>plan_limit</c>.
    /// </summary>
    public string Reason { get; set; } = "";

    /// <summary>Only this team's members; null for everybody.</summary>
    public Guid? TeamId { get; set; }

    /// <summary>Only who has this skill; null for everybody.</summary>
    public string? Skill { get; set; }
}
