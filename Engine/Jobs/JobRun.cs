namespace Vellarys.Jobs;

/// <summary>What came of asking for a job.</summary>
/// <param name="NextIn">When to ask again, for hosts without timers.</param>
public sealed record JobRun(JobOutcome Outcome, TimeSpan NextIn);

/// <summary>What came of asking for a job.</summary>
public enum JobOutcome
{
    Done,

    /// <summary>It threw: logged and on record; the next run is not affected.</summary>
    Failed,

    /// <summary>Another instance runs it at this moment.</summary>
    Elsewhere,

    /// <summary>It has run just now, or its <see cref="LateRun"/> says that it need not.</summary>
    NotDue,
}
