namespace Vellarys.Jobs;

/// <summary>Whether a job that was asked for now should run now.</summary>
internal static class JobDue
{
    // A timer is a little early or late each time; a daily job must not lose a day by that.
    private static readonly TimeSpan MostTolerance = TimeSpan.FromMinutes(5);

    /// <summary>How soon a rare job that failed, or ran elsewhere, is asked for again.</summary>
    public static TimeSpan RetryAfter { get; } = TimeSpan.FromMinutes(5);

    /// <summary>How long to wait; zero means now.</summary>
    /// <param name="isLate">The host says that this run's time has passed.</param>
    public static TimeSpan In(JobSchedule schedule, JobState last, bool isLate)
    {
        TimeSpan every = schedule.Every;
        if (isLate && schedule.Late == LateRun.Skip) return every;
        // A run that broke off with its process is made again.
        if (last.SinceStarted is not { } since || !last.HasEnded) return TimeSpan.Zero;
        // The database's clock went back: the job would rest until it has caught up, which may be days.
        if (since < TimeSpan.Zero) return TimeSpan.Zero;
        if (MayRetry(schedule, last)) return since < RetryAfter ? RetryAfter - since : TimeSpan.Zero;
        // Another instance's run, or missed ticks that come together.
        if (since < every / 2) return every - since;
        bool rests = schedule.Late == LateRun.CatchUpWhenOverdue
            && last.HasSucceeded && since < every - Tolerance(every);
        return rests ? every - since : TimeSpan.Zero;
    }

    // A day without the job, because of one bad minute, is too long for those that are made up for when overdue.
    private static bool MayRetry(JobSchedule schedule, JobState last) =>
        schedule.Late == LateRun.CatchUpWhenOverdue && !last.HasSucceeded && RetryAfter < schedule.Every / 2;

    private static TimeSpan Tolerance(TimeSpan every) => every / 10 < MostTolerance ? every / 10 : MostTolerance;
}
