using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Vellarys.Jobs;

namespace Vellarys.Tests.Jobs;

/// <summary>A job that does what the test says, and counts.</summary>
internal sealed class TestJob(
    Func<CancellationToken, Task> work, string name = "job", LateRun late = LateRun.Skip, TimeSpan? every = null,
    JobScope scope = JobScope.Installation) : IJob
{
    private int _runs;

    public JobSchedule Schedule { get; } =
        new(name, every ?? TimeSpan.FromMilliseconds(20), "0 * * * * *", late, scope);

    public int Runs => _runs;

    public static TestJob Quiet(string name = "job", LateRun late = LateRun.Skip, TimeSpan? every = null) =>
        new(_ => Task.CompletedTask, name, late, every);

    public Task RunAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _runs);
        return work(cancellationToken);
    }
}

/// <summary>What runs jobs, as an instance has it.</summary>
internal static class Instance
{
    public static RunJob Of(NpgsqlDataSource database, params IJob[] jobs) => new(
        jobs, new JobLock(database), new JobRuns(database), new JobMetrics(Meters(), TimeProvider.System),
        NullLogger<RunJob>.Instance);

    public static IMeterFactory Meters() =>
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
}
