using Vellarys.Accounts;

namespace Vellarys.Flows.Reengagement;

/// <summary>A tenant's rules for writing to silent customers.</summary>
/// <param name="Zone">In which quiet hours are read.</param>
internal sealed record ReengagementPolicy(ReengagementSettings Settings, TimeZoneInfo Zone)
{
    /// <summary>After the last stage, before the customer is given up.</summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromDays(2);

    /// <summary>What a late stage keeps from the one before, at most: more would push it out of the window.</summary>
    private static readonly TimeSpan MostApart = TimeSpan.FromHours(4);

    /// <summary>Meta's customer service window, with a little room for the way there.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromHours(24) - TimeSpan.FromMinutes(5);

    public static ReengagementPolicy Of(Tenant tenant) => new(
        tenant.Settings.Reengagement,
        TimeZoneInfo.TryFindSystemTimeZoneById(tenant.TimeZone, out TimeZoneInfo? zone) ? zone : TimeZoneInfo.Utc);

    public int LeftThisMonth(WentSilent e) => Math.Max(0, Settings.MaxPerMonth - e.SentThisMonth);

    public bool IsLast(int stage) => stage >= Settings.Stages.Count;

    /// <summary>
    /// The stage's time since the customer's last message; when the stage before was late, some distance from that.
    /// </summary>
    public DateTimeOffset DueAt(Silent s)
    {
        if (IsLast(s.Stage)) return s.DueAt + LastWord;
        TimeSpan after = TimeSpan.FromMinutes(Settings.Stages[s.Stage].AfterMinutes);
        TimeSpan before = s.Stage == 0 ? after : TimeSpan.FromMinutes(Settings.Stages[s.Stage - 1].AfterMinutes);
        TimeSpan apart = after - before < MostApart ? after - before : MostApart;
        DateTimeOffset planned = s.Since + after, spaced = s.DueAt + apart;
        return AfterQuietHours(s.Sent > 0 && spaced > planned ? spaced : planned);
    }

    /// <summary>Null where the stage has nothing that may be sent now.</summary>
    public Nudge? NudgeFor(Silent s, DateTimeOffset now)
    {
        ReengagementStage stage = Settings.Stages[s.Stage];
        if (s.Left <= 0) return null;
        if (stage.Template is { Length: > 0 } template) return new Nudge(s.Stage, stage.Text, template, s.Since);
        return now < s.Since + Window && !NeedsTemplate(stage) ? new Nudge(s.Stage, stage.Text, null, s.Since) : null;
    }

    /// <summary>The same time, or the end of the quiet hours that it falls in.</summary>
    public DateTimeOffset AfterQuietHours(DateTimeOffset at) =>
        QuietHours.Of(Settings.QuietFrom, Settings.QuietUntil, Zone).After(at);

    private static bool NeedsTemplate(ReengagementStage stage) => stage.AfterMinutes >= Window.TotalMinutes;
}
