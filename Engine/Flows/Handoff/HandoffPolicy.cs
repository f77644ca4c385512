using Vellarys.Accounts;

namespace Vellarys.Flows.Handoff;

/// <summary>A tenant's rules for handoffs.</summary>
internal sealed record HandoffPolicy(HandoffSettings Settings, WorkingHours Hours)
{
    public TimeSpan OfferFor => TimeSpan.FromSeconds(Settings.OfferSeconds);

    public TimeSpan Retry => TimeSpan.FromSeconds(Settings.RetrySeconds);

    public TimeSpan LongestWait => TimeSpan.FromHours(Settings.MaxHoursInQueue);

    public static HandoffPolicy Of(Tenant tenant) => new(tenant.Settings.Handoff, tenant.WorkingHours);

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
