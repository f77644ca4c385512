using System.Text.Json.Serialization;
using Vellarys.Flows.Kernel;

namespace Vellarys.Flows.Reengagement;

/// <summary>Where winning a silent customer back stands.</summary>
[JsonDerivedType(typeof(Fresh), "fresh")]
[JsonDerivedType(typeof(Silent), "silent")]
[JsonDerivedType(typeof(Over), "over")]
[JsonPolymorphic(TypeDiscriminatorPropertyName = "state")]
internal abstract record ReengagementState;

/// <summary>Before its first event.</summary>
internal sealed record Fresh : ReengagementState;

/// <summary>The customer says nothing.</summary>
/// <param name="Since">Their last message: the 24-hour window counts from here.</param>
/// <param name="Stage">The next one, from 0; past the last it only waits to give up.</param>
/// <param name="DueAt">When it is that stage's turn.</param>
/// <param name="Sent">How many messages went out.</param>
/// <param name="Left">How many more may this month.</param>
internal sealed record Silent(DateTimeOffset Since, int Stage, DateTimeOffset DueAt, int Sent, int Left)
    : ReengagementState;

internal sealed record Over : ReengagementState;

/// <summary>
/// Stages of follow-ups to a customer who went silent, inside the 24-hour window as free text and later as approved
/// templates, until they write, want no more, or are given up. Pure.
/// </summary>
internal static class ReengagementFlow
{
    public static Step<ReengagementState> On(
        ReengagementState state, ReengagementEvent happened, ReengagementPolicy policy) =>
        (state, happened) switch
        {
            (Over, _) => Stay(state),
            (_, Cancelled) => Finish("cancelled", "cancelled"),
            (Fresh, WentSilent e) => Plan(new Silent(e.LastInboundAt, 0, e.At, 0, policy.LeftThisMonth(e)), policy),
            (Fresh, _) => Stay(state),
            (Silent, CustomerWrote { OptsOut: true }) => Finish("opted_out", "opted_out"),
            (Silent { Sent: > 0 }, CustomerWrote) => Finish("recovered", "recovered"),
            (Silent, CustomerWrote) => Finish("not_needed", "none"),
            // People have it, or it is over: nothing for us to say.
            (Silent, ChargeChanged { Status: not "bot" } e) => Finish("left_to_" + e.Status, "none"),
            (Silent s, Woke e) when e.SeenAt >= s.DueAt => Act(s, e.SeenAt, policy),
            (Silent s, Woke) => new(s, [new WakeAt(s.DueAt)]),
            _ => Stay(state),
        };

    private static Step<ReengagementState> Stay(ReengagementState state) => new(state, []);

    private static Step<ReengagementState> Finish(string outcome, string lead) =>
        new(new Over(), [new MarkLead(lead), new End(outcome)]);

    /// <summary>Says what the stage says, or passes over it, and plans the next.</summary>
    private static Step<ReengagementState> Act(Silent s, DateTimeOffset now, ReengagementPolicy policy)
    {
        if (policy.IsLast(s.Stage)) return Finish("lost", "lost");
        DateTimeOffset allowed = policy.AfterQuietHours(now);
        if (allowed > now) return new(s with { DueAt = allowed }, [new WakeAt(allowed)]);

        Nudge? nudge = policy.NudgeFor(s, now);
        Silent next = s with
        {
            Stage = s.Stage + 1, Sent = s.Sent + (nudge is null ? 0 : 1), Left = s.Left - (nudge is null ? 0 : 1),
        };
        Step<ReengagementState> planned = Plan(next with { DueAt = now }, policy);
        return nudge is null ? planned : planned with { Commands = [nudge, .. planned.Commands] };
    }

    /// <summary>Late stages never come in one go: each waits its distance from the last.</summary>
    private static Step<ReengagementState> Plan(Silent s, ReengagementPolicy policy)
    {
        DateTimeOffset due = policy.DueAt(s);
        return new(s with { DueAt = due }, [new WakeAt(due)]);
    }
}
