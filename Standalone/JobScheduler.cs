using System.Diagnostics;
using Vellarys.Operations;

namespace Vellarys.Standalone;

/// <summary>
/// Runs every job at its pace. A job never overlaps itself: within the process because its loop waits for it, across
/// instances because of its lock. A failure costs that one run.
/// </summary>
internal sealed class JobScheduler(
    IEnumerable<IJob> jobs, JobLock jobLock, TimeProvider time, ILogger<JobScheduler> logger) : BackgroundService
{
    private static readonly ActivitySource Source = new("Vellarys.Jobs");

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(jobs.Select(job => RepeatAsync(job, stoppingToken)));

    private async Task RepeatAsync(IJob job, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(job.Every, time);
        try
        {
            do await RunOnceAsync(job, cancellationToken);
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private async Task RunOnceAsync(IJob job, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        using Activity? activity = Source.StartActivity(job.Name);
        try
        {
            if (await jobLock.TryRunAsync(job, cancellationToken))
                logger.JobDone(job.Name, (long)time.GetElapsedTime(started).TotalMilliseconds);
            else
                logger.JobElsewhere(job.Name);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // The host's boundary: no job may end the loop of another, or its own.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.JobFailed(e, job.Name);
        }
    }
}
