using Npgsql;
using Vellarys.Database;
using Vellarys.Jobs;
using Vellarys.Standalone;
using Vellarys.Storage;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Jobs;

public sealed class RunJobTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Run_JobRunsOnAnotherInstance_IsNotRunAgain()
    {
        TaskCompletionSource started = new(), finish = new();
        TestJob slow = new(async _ =>
        {
            started.SetResult();
            await finish.Task;
        });
        TestJob same = TestJob.Quiet();
        Task<JobRun> first = RunAsync(slow);
        await started.Task;
        JobRun second = await RunAsync(same);
        finish.SetResult();

        Assert.Equal((JobOutcome.Done, JobOutcome.Elsewhere), ((await first).Outcome, second.Outcome));
        Assert.Equal(0, same.Runs);
    }

    [Fact]
    public async Task Run_WhileTheJobWorks_TheLockHoldsNoSnapshot()
    {
        const string sql =
            """
            select count(*) filter (where state = 'idle in transaction'), count(backend_xmin)
            from pg_stat_activity
            where datname = current_database() and usename = 'vellarys_app'
            """;
        (long Locks, long Snapshots) seen = default;
        TestJob job = new(async token =>
        {
            await using NpgsqlCommand look = _database.Owner.CreateCommand(sql);
            await using NpgsqlDataReader reader = await look.ExecuteReaderAsync(token);
            await reader.ReadAsync(token);
            seen = (reader.GetInt64(0), reader.GetInt64(1));
        });
        Assert.Equal(JobOutcome.Done, (await RunAsync(job)).Outcome);
        Assert.Equal((1, 0), seen);
    }

    [Fact]
    public async Task Run_OtherJobRuns_IsRun()
    {
        TestJob other = TestJob.Quiet("other");
        TestJob outer = new(async _ => Assert.Equal(JobOutcome.Done, (await RunAsync(other)).Outcome));
        Assert.Equal(JobOutcome.Done, (await RunAsync(outer)).Outcome);
        Assert.Equal(1, other.Runs);
    }

    [Fact]
    public async Task Run_JobThrows_IsOnRecordAndCostsThatRun()
    {
        bool isBroken = true;
        TestJob job = new(_ => isBroken ? throw new TransientFault("away", "") : Task.CompletedTask);
        Assert.Equal(JobOutcome.Failed, (await RunAsync(job)).Outcome);
        await AgeAsync(Hour);
        Assert.Equal(JobOutcome.Failed, (await RunAsync(job)).Outcome);
        JobState failed = await StateAsync();
        isBroken = false;
        await AgeAsync(Hour);
        Assert.Equal(JobOutcome.Done, (await RunAsync(job)).Outcome);
        JobState mended = await StateAsync();

        Assert.Equal(("away", 2, null), (failed.LastFailureCode, failed.ConsecutiveFailures, failed.LastSucceededAt));
        Assert.Equal((true, 0), (mended.HasSucceeded, mended.ConsecutiveFailures));
        Assert.NotNull(mended.LastDurationMs);
    }

    [Theory]
    [InlineData(LateRun.Skip)]
    [InlineData(LateRun.CatchUp)]
    [InlineData(LateRun.CatchUpWhenOverdue)]
    public async Task Run_MissedTicksComeTogether_IsMadeOnce(LateRun late)
    {
        TestJob job = TestJob.Quiet(late: late, every: Hour);
        List<JobOutcome> outcomes = [];
        for (int tick = 0; tick < 5; tick++) outcomes.Add((await RunAsync(job)).Outcome);
        Assert.Equal(1, job.Runs);
        Assert.All(outcomes.Skip(1), o => Assert.Equal(JobOutcome.NotDue, o));
    }

    [Theory]
    [InlineData(LateRun.Skip, 0)]
    [InlineData(LateRun.CatchUp, 1)]
    [InlineData(LateRun.CatchUpWhenOverdue, 1)]
    public async Task Run_LateAfterAPause_IsMadeUpForAsTheJobSays(LateRun late, int runs)
    {
        await RunAsync(TestJob.Quiet(late: late, every: Hour));
        await AgeAsync(5 * Hour);
        TestJob job = TestJob.Quiet(late: late, every: Hour);
        JobRun run = await RunAsync(job, isLate: true);
        Assert.Equal(runs, job.Runs);
        Assert.InRange(run.NextIn, Hour / 2, Hour);
        Assert.Equal(runs, (await StateAsync()).SinceSuccess < Hour ? 1 : 0);
    }

    [Fact]
    public async Task Run_RareJobAfterARestart_WaitsForItsInterval()
    {
        await RunAsync(TestJob.Quiet(late: LateRun.CatchUpWhenOverdue, every: Hour));
        await AgeAsync(TimeSpan.FromMinutes(40));
        TestJob job = TestJob.Quiet(late: LateRun.CatchUpWhenOverdue, every: Hour);
        JobRun run = await RunAsync(job);
        Assert.Equal((JobOutcome.NotDue, 0), (run.Outcome, job.Runs));
        Assert.InRange(run.NextIn, TimeSpan.FromMinutes(19), TimeSpan.FromMinutes(20));
        await AgeAsync(TimeSpan.FromMinutes(17));
        Assert.Equal(JobOutcome.Done, (await RunAsync(job)).Outcome);
    }

    [Fact]
    public async Task Run_ProcessDiedInTheLastOne_IsMadeAtOnce()
    {
        await new JobRuns(_database.App).StartedAsync("job", default);
        Assert.Equal(JobOutcome.Done, (await RunAsync(TestJob.Quiet(every: Hour))).Outcome);
    }

    [Theory]
    [InlineData(LateRun.Skip)]
    [InlineData(LateRun.CatchUp)]
    [InlineData(LateRun.CatchUpWhenOverdue)]
    public async Task Run_DatabasesClockWentBack_IsDueAtOnce(LateRun late)
    {
        await RunAsync(TestJob.Quiet(late: late, every: Hour));
        await AgeAsync(-24 * Hour);
        TestJob job = TestJob.Quiet(late: late, every: Hour);
        Assert.Equal(JobOutcome.Done, (await RunAsync(job)).Outcome);
        Assert.Equal(JobOutcome.NotDue, (await RunAsync(job)).Outcome);
        Assert.Equal(1, job.Runs);
    }

    [Fact]
    public async Task Run_RareJobFailed_IsMadeAgainWithinMinutes()
    {
        bool isBroken = true;
        TestJob job = new(
            _ => isBroken ? throw new TransientFault("away", "") : Task.CompletedTask,
            late: LateRun.CatchUpWhenOverdue, every: 24 * Hour);
        JobRun failed = await RunAsync(job);
        Assert.Equal((JobOutcome.Failed, JobDue.RetryAfter), (failed.Outcome, failed.NextIn));
        JobRun early = await RunAsync(job);
        Assert.Equal(JobOutcome.NotDue, early.Outcome);
        Assert.InRange(early.NextIn, TimeSpan.Zero, JobDue.RetryAfter);
        isBroken = false;
        await AgeAsync(JobDue.RetryAfter);
        JobRun mended = await RunAsync(job);
        Assert.Equal(JobOutcome.Done, mended.Outcome);
        Assert.InRange(mended.NextIn, 23 * Hour, 24 * Hour);
        await AgeAsync(JobDue.RetryAfter);
        Assert.Equal(JobOutcome.NotDue, (await RunAsync(job)).Outcome);
    }

    [Theory]
    [InlineData(LateRun.CatchUp, false)]
    [InlineData(LateRun.CatchUpWhenOverdue, true)]
    public async Task Run_RareJobIsElsewhere_IsAskedForAgainWithinMinutes(LateRun late, bool isSoon)
    {
        JobRun? meanwhile = null;
        TestJob outer = new(
            async _ => meanwhile = await RunAsync(TestJob.Quiet(late: late, every: 24 * Hour)), late: late,
            every: 24 * Hour);
        await RunAsync(outer);
        Assert.Equal(JobOutcome.Elsewhere, meanwhile?.Outcome);
        Assert.Equal(isSoon, meanwhile?.NextIn <= JobDue.RetryAfter);
    }

    [Theory]
    [InlineData(JobScope.Installation, JobOutcome.Failed)]
    [InlineData(JobScope.EachInstance, JobOutcome.Done)]
    public async Task Run_RecordCannotBeWrittenWhateverTheReason_DoesNotThrow(JobScope scope, JobOutcome outcome)
    {
        NpgsqlDataSource gone = StorageSetup.AppSource(_database.Options(), loggers: null);
        await gone.DisposeAsync();
        TestJob job = new(_ => Task.CompletedTask, scope: scope);
        Assert.Equal(outcome, (await Instance.Of(gone, job).RunAsync("job", false, default)).Outcome);
    }

    [Fact]
    public async Task Run_EachInstanceAndNoConnectionFree_RunsAllTheSame()
    {
        StorageOptions options = _database.Options();
        (options.ConnectionBudget, options.OpenTimeout) = (4, TimeSpan.FromSeconds(1));
        await using NpgsqlDataSource small = StorageSetup.AppSource(options, loggers: null);
        await using NpgsqlConnection one = await small.OpenConnectionAsync(), two = await small.OpenConnectionAsync();
        TestJob job = new(_ => Task.CompletedTask, scope: JobScope.EachInstance);
        JobRun run = await Instance.Of(small, job).RunAsync("job", false, default);
        Assert.Equal((JobOutcome.Done, 1), (run.Outcome, job.Runs));
    }

    [Fact]
    public async Task Run_EachInstance_IsOnRecordEveryTime()
    {
        TestJob job = new(_ => Task.CompletedTask, scope: JobScope.EachInstance);
        await RunAsync(job);
        await AgeAsync(Hour);
        await RunAsync(job);
        JobState state = await StateAsync();
        Assert.True(state.HasSucceeded);
        Assert.InRange(state.SinceStarted ?? Hour, TimeSpan.Zero, TimeSpan.FromMinutes(30));
    }

    [Fact]
    public async Task Scheduler_JobThrows_RunsItAgainAndTheOthersToo()
    {
        TaskCompletionSource twice = new(), other = new();
        TestJob broken = null!;
        broken = new(_ =>
        {
            if (broken.Runs >= 2) twice.TrySetResult();
            throw new InvalidOperationException();
        });
        TestJob sound = new(_ =>
        {
            other.TrySetResult();
            return Task.CompletedTask;
        }, "sound");
        using JobScheduler scheduler = Scheduler(broken, sound);
        await scheduler.StartAsync(default);
        await twice.Task;
        await other.Task;
        await scheduler.StopAsync(default);
    }

    [Fact]
    public async Task Scheduler_Stopped_CancelsTheRunningJob()
    {
        TaskCompletionSource started = new();
        TestJob endless = new(token =>
        {
            started.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        });
        using JobScheduler scheduler = Scheduler(endless);
        await scheduler.StartAsync(default);
        await started.Task;
        await scheduler.StopAsync(default);
        Assert.True(scheduler.ExecuteTask?.IsCompletedSuccessfully);
        Assert.Equal(0, (await StateAsync()).ConsecutiveFailures);
    }

    [Fact]
    public async Task ExtendMessagePartitions_MonthsMissing_AddsThem()
    {
        await ExecuteAsync(
            """
            do $$
            declare last text := (select max(inhrelid::regclass::text) from pg_inherits
                where inhparent = 'messages'::regclass);
            begin
                execute 'drop table ' || last;
            end $$
            """);
        long before = await PartitionsAsync();
        Assert.Equal(JobOutcome.Done, (await RunAsync(new ExtendMessagePartitions(_database.App))).Outcome);
        Assert.Equal(before + 1, await PartitionsAsync());
    }

    private JobScheduler Scheduler(params IJob[] jobs) =>
        new(jobs, Instance.Of(_database.App, jobs), TimeProvider.System);

    private Task<JobRun> RunAsync(IJob job, bool isLate = false) =>
        Instance.Of(_database.App, job).RunAsync(job.Name, isLate, default);

    private Task<JobState> StateAsync() => new JobRuns(_database.App).ReadAsync("job", default);

    /// <summary>As if so much time had passed since the last run.</summary>
    private Task AgeAsync(TimeSpan by) => ExecuteAsync(
        """
        update job_runs set last_started_at = last_started_at - $1::interval,
            last_succeeded_at = last_succeeded_at - $1::interval, last_failed_at = last_failed_at - $1::interval
        """,
        by);

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using NpgsqlCommand command = _database.Owner.CreateCommand(sql);
        foreach (object value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> PartitionsAsync()
    {
        await using NpgsqlCommand count = _database.Owner.CreateCommand(
            "select count(*) from pg_inherits where inhparent = 'messages'::regclass");
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
