namespace Vellarys.Jobs;

/// <summary>When a job runs.</summary>
/// <param name="Name">One of <see cref="JobNames"/>.</param>
/// <param name="Every">From the start of a run to the start of the next.</param>
/// <param name="Timer">The same as NCRONTAB: one of <see cref="JobTimers"/>.</param>
/// <param name="Late">What becomes of a run whose time has passed.</param>
/// <param name="Scope">How many instances run it.</param>
public sealed record JobSchedule(
    string Name, TimeSpan Every, string Timer, LateRun Late, JobScope Scope = JobScope.Installation);

/// <summary>
/// What becomes of a run whose time has passed because nothing ran then. However many were missed, one run makes up for
/// them: a run that ended less than half an interval after the start of the last is never made.
/// </summary>
public enum LateRun
{
    /// <summary>Left out: the next regular one does the same.</summary>
    Skip,

    /// <summary>Made up for at once: customers wait for what it finds.</summary>
    CatchUp,

    /// <summary>
    /// Made up for if the last success is older than the interval: for rare jobs, which a host that restarts often
    /// would otherwise run at each start, or never. One that failed is made again within minutes.
    /// </summary>
    CatchUpWhenOverdue,
}

/// <summary>How many instances run a job.</summary>
public enum JobScope
{
    /// <summary>One at a time for all instances, under a lock.</summary>
    Installation,

    /// <summary>
    /// Each instance for itself, without the lock: it looks at the process, and must work when no connection is free.
    /// </summary>
    EachInstance,
}
