using Vellarys.Accounts;

namespace Vellarys.Flows.Handoff;

/// <summary>A tenant's rules for handoffs.</summary>
internal sealed record HandoffPolicy(HandoffSettings Settings, WorkingHours Hours)
{
    public TimeSpan OfferFor => TimeSpan.FromSeconds(Settings.OfferSeconds);

    public TimeSpan Retry => TimeSpan.FromSeconds(Settings.RetrySeconds);

    /// <summary>What would spin or never end is brought into bounds.</summary>
    public static HandoffPolicy Of(Tenant tenant)
    {
        HandoffSettings given = tenant.Settings.Handoff;
        return new HandoffPolicy(
            given with
            {
                OfferSeconds = Math.Clamp(given.OfferSeconds, 5, 86_400),
                RetrySeconds = Math.Clamp(given.RetrySeconds, 5, 86_400),
                MaxOffers = Math.Clamp(given.MaxOffers, 1, 1_000),
                FirstResponseMinutes = Math.Clamp(given.FirstResponseMinutes, 1, 100_000),
                ResolutionMinutes = Math.Clamp(given.ResolutionMinutes, 1, 100_000),
                WarnAtPercent = Math.Clamp(given.WarnAtPercent, 1, 100),
                MaxHoursInQueue = Math.Clamp(given.MaxHoursInQueue, 1, 10_000),
            },
            tenant.WorkingHours);
    }

    /// <summary>When a customer whom nobody took goes back to the bot: a holiday does not count.</summary>
    public DateTimeOffset GivesUpAt(DateTimeOffset since) =>
        Hours.Add(since, TimeSpan.FromHours(Settings.MaxHoursInQueue));

    /// <summary>When the house opens; null while it is open, or when it never does.</summary>
    public DateTimeOffset? OpensAt(DateTimeOffset at) =>
        Hours.IsOpen(at) ? null : Hours.NextOpening(at);

    /// <summary>Who is asked first for such a reason; null for everybody.</summary>
    public Guid? Team(string reason) => Route(reason)?.TeamId;

    /// <summary>What whoever is asked first must know; null for anybody.</summary>
    public string? Skill(string reason) => Route(reason)?.Skill;

    /// <summary>A clock of so many working minutes that warns before it is due.</summary>
    public SlaClock Clock(DateTimeOffset from, int minutes) => new(
        Hours.Add(from, TimeSpan.FromMinutes(minutes * Settings.WarnAtPercent / 100.0)),
        Hours.Add(from, TimeSpan.FromMinutes(minutes)));

    private HandoffRoute? Route(string reason) => Settings.Routes.FirstOrDefault(r => r.Reason == reason);
}
