using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Health;
using Vellarys.Storage;

namespace Vellarys.Jobs;

/// <summary>
/// One run of a job, for every host: on one instance at a time, not again for ticks that were missed, and on record. A
/// failure costs that one run.
/// </summary>
public sealed class RunJob
{
    private static readonly ActivitySource Source = new("Vellarys.Jobs");

    private readonly Dictionary<string, IJob> _jobs;
    private readonly JobLock _jobLock;
    private readonly JobRuns _runs;
    private readonly JobMetrics _metrics;
    private readonly ILogger<RunJob> _log;

    internal RunJob(IEnumerable<IJob> jobs, JobLock jobLock, JobRuns runs, JobMetrics metrics, ILogger<RunJob> log)
    {
        _jobs = jobs.ToDictionary(j => j.Name);
        _jobLock = jobLock;
        _runs = runs;
        _metrics = metrics;
        _log = log;
    }

    /// <param name="name">One of <see cref="JobNames"/>, registered in this host.</param>
    /// <param name="isLate">The timer says that it should have fired earlier.</param>
    public Task<JobRun> RunAsync(string name, bool isLate, CancellationToken cancellationToken) =>
        RunAsync(_jobs[name], isLate, cancellationToken);

    /// <summary>Throws only when cancelled; a run that is cancelled is made again by the next who asks.</summary>
    public async Task<JobRun> RunAsync(IJob job, bool isLate, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        using Activity? activity = Source.StartActivity(job.Name);
        JobRun run;
        try
        {
            run = job.Schedule.Scope == JobScope.EachInstance
                ? await RunHereAsync(job, started, cancellationToken)
                : await RunAloneAsync(job, started, isLate, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // The job's boundary: no failure may end the loop or the host that asked for it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            run = After(JobOutcome.Failed, job, started);
            string code = CodeOf(e);
            activity?.SetStatus(ActivityStatusCode.Error, code);
            _log.JobFailed(e, job.Name, code);
            await TryRecordAsync(
                job, () => _runs.FailedAsync(job.Name, Stopwatch.GetElapsedTime(started), code, cancellationToken),
                cancellationToken);
        }

        _metrics.Ran(job.Name, run.Outcome);
        return run;
    }

    private async Task<JobRun> RunAloneAsync(
        IJob job, long started, bool isLate, CancellationToken cancellationToken)
    {
        await using IAsyncDisposable? held = await _jobLock.TryTakeAsync(job.Name, cancellationToken);
        JobState last = await _runs.ReadAsync(job.Name, cancellationToken);
        if (last.SinceSuccess is { } age) _metrics.Succeeded(job.Name, age);
        if (held is null)
        {
            _log.JobElsewhere(job.Name);
            return After(JobOutcome.Elsewhere, job, started);
        }

        if (JobDue.In(job.Schedule, last, isLate) is { Ticks: > 0 } wait) return new JobRun(JobOutcome.NotDue, wait);
        await _runs.StartedAsync(job.Name, cancellationToken);
        await job.RunAsync(cancellationToken);
        await _runs.SucceededAsync(job.Name, Stopwatch.GetElapsedTime(started), cancellationToken);
        return Done(job, started);
    }

    private async Task<JobRun> RunHereAsync(IJob job, long started, CancellationToken cancellationToken)
    {
        await job.RunAsync(cancellationToken);
        await TryRecordAsync(
            job, () => _runs.SucceededAsync(job.Name, Stopwatch.GetElapsedTime(started), cancellationToken),
            cancellationToken);
        return Done(job, started);
    }

    private JobRun Done(IJob job, long started)
    {
        _metrics.Succeeded(job.Name, TimeSpan.Zero);
        _log.JobDone(job.Name, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        return After(JobOutcome.Done, job, started);
    }

    /// <summary>
    /// Ticks that the run itself outlasted are left out. A rare job without a success of its own is asked for again
    /// soon: <see cref="JobDue"/> knows by then whether it is still needed.
    /// </summary>
    private static JobRun After(JobOutcome outcome, IJob job, long started)
    {
        long every = job.Every.Ticks;
        TimeSpan next = TimeSpan.FromTicks(every - (Stopwatch.GetElapsedTime(started).Ticks % every));
        bool isSoon = outcome != JobOutcome.Done && job.Schedule.Late == LateRun.CatchUpWhenOverdue;
        return new JobRun(outcome, isSoon && next > JobDue.RetryAfter ? JobDue.RetryAfter : next);
    }

    private async Task TryRecordAsync(IJob job, Func<Task> record, CancellationToken cancellationToken)
    {
        try
        {
            await record();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // The job's boundary, as above: not all that breaks is an NpgsqlException.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _log.JobNotRecorded(job.Name, CodeOf(e));
        }
    }

    private static string CodeOf(Exception e) => e switch
    {
        TransientFault fault => fault.Code,
        PermanentFault fault => fault.Code,
        NpgsqlException storage => CodeOf(TransientErrors.Translate(storage)),
        _ => e.GetType().Name,
    };
}
