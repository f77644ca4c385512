namespace Vellarys.Jobs;

/// <summary>How every job of this installation stands.</summary>
internal sealed class ListJobs(IEnumerable<IJob> jobs, JobRuns runs, Uptime uptime)
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<JobReport>> RunAsync(CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, JobState> states = await runs.ReadAsync(cancellationToken);
        return
        [
            .. from job in jobs
                orderby job.Name
                select Judge(job.Schedule, states.GetValueOrDefault(job.Name) ?? new JobState(job.Name), uptime.Now),
        ];
    }

    /// <summary>
    /// Overdue: no success for three intervals and a minute. Not before this process has been up that long: after a
    /// pause, all jobs are.
    /// </summary>
    internal static JobReport Judge(JobSchedule schedule, JobState state, TimeSpan uptime)
    {
        TimeSpan limit = (3 * schedule.Every) + Grace;
        bool isOverdue = uptime > limit && (state.SinceSuccess is not { } age || age > limit);
        string word = state.ConsecutiveFailures > 0 ? "failing"
            : state.LastSucceededAt is null ? "never"
            : isOverdue ? "late"
            : "ok";
        return new JobReport(schedule, state, word, isOverdue);
    }
}

/// <param name="Word"><c>ok</c>, <c>late</c>, <c>failing</c> or <c>never</c>.</param>
/// <param name="IsOverdue">No success for longer than it may be, whatever the word.</param>
internal sealed record JobReport(JobSchedule Schedule, JobState State, string Word, bool IsOverdue);
