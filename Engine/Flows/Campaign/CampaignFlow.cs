namespace Vellarys.Flows.Campaign;

/// <summary>
/// What a running campaign does next, each time that it is looked at: waits, releases some, stops itself, ends. Pure.
/// </summary>
internal static class CampaignFlow
{
    // What begins with little says little: one of two that failed is no rate.
    private const int LeastSettled = 20;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Horizon = TimeSpan.FromSeconds(1);

    public static CampaignMove On(CampaignState state, CampaignLook seen, CampaignPolicy policy)
    {
        if (state.StartsAt > seen.Now) return new CampaignMove.Wait(state.StartsAt.Value);
        DateTimeOffset allowed = policy.Quiet.After(seen.Now);
        if (allowed > seen.Now) return new CampaignMove.Wait(allowed, TakesBack: true);
        if (seen.Obstacle is { } obstacle && seen.Pending > 0) return new CampaignMove.Halt(obstacle);
        if (seen.Counts is { } counts && FailsTooOften(state, counts)) return new CampaignMove.Halt("failures");
        if (seen.Pending == 0)
        {
            return seen.Unclaimed == 0
                ? new CampaignMove.Finish()
                : new CampaignMove.Wait(seen.Now + Horizon);
        }

        int room = policy.PerSecond - seen.Unclaimed;
        if (!state.StagePassed)
        {
            int first = state.FirstStage - state.Released;
            if (first <= 0) return EndOfStage(state, seen);
            room = Math.Min(room, first);
        }

        return room > 0 ? Release(state, seen.Now, room) : new CampaignMove.Wait(seen.Now + Look);
    }

    /// <summary>All of the first stage are out: what became of them is waited for.</summary>
    private static CampaignMove EndOfStage(CampaignState state, CampaignLook seen)
    {
        DateTimeOffset judged = (state.LastReleaseAt ?? seen.Now) + state.StageTime;
        if (judged > seen.Now) return new CampaignMove.Wait(judged);
        return seen.Counts is { Open: 0 } ? new CampaignMove.PassStage() : new CampaignMove.Wait(seen.Now + Horizon);
    }

    private static CampaignMove Release(CampaignState state, DateTimeOffset now, int room)
    {
        DateTimeOffset from = state.NextSendAt > now ? state.NextSendAt.Value : now;
        if (state.Interval == TimeSpan.Zero) return new CampaignMove.Release(room, now);
        if (from > now + Horizon) return new CampaignMove.Wait(from - Horizon);
        int few = 1 + (int)((now + Horizon - from) / state.Interval);
        return new CampaignMove.Release(Math.Min(room, few), from);
    }

    // The stage itself may be smaller than what says something.
    private static bool FailsTooOften(CampaignState state, CampaignCounts counts)
    {
        int settled = counts.Settled - state.ForgivenSettled, failed = counts.Failed - state.ForgivenFailures;
        int least = state.FirstStage == 0 ? LeastSettled : Math.Min(LeastSettled, state.FirstStage);
        return settled >= least && failed * 100L > (long)state.MaxFailurePercent * settled;
    }
}
