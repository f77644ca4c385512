using Vellarys.Jobs;

namespace Vellarys.Standalone;

/// <summary>Asks for every job at its pace. None overlaps itself in this process: its loop waits for it.</summary>
internal sealed class JobScheduler(IEnumerable<IJob> jobs, RunJob runJob, TimeProvider time) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(jobs.Select(job => RepeatAsync(job, stoppingToken)));

    private async Task RepeatAsync(IJob job, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                JobRun run = await runJob.RunAsync(job, isLate: false, cancellationToken);
                await Task.Delay(run.NextIn, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }
}
