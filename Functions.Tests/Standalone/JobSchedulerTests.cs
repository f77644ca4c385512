using Microsoft.Extensions.Logging.Abstractions;
using Vellarys.Operations;
using Vellarys.Standalone;
using Vellarys.Tests.Support;
using Xunit;

namespace Vellarys.Tests.Standalone;

public sealed class JobSchedulerTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task TryRunAsync_JobRunsElsewhere_IsNotRunAgain()
    {
        TaskCompletionSource started = new(), finish = new();
        Job slow = new(async _ =>
        {
            started.SetResult();
            await finish.Task;
        });
        Job same = new(_ => Task.CompletedTask);
        Task<bool> first = new JobLock(_database.App).TryRunAsync(slow, default);
        await started.Task;
        bool second = await new JobLock(_database.App).TryRunAsync(same, default);
        finish.SetResult();

        Assert.True(await first);
        Assert.False(second);
        Assert.Equal(0, same.Runs);
        Assert.True(await new JobLock(_database.App).TryRunAsync(same, default));
    }

    [Fact]
    public async Task TryRunAsync_OtherJobRuns_IsRun()
    {
        JobLock jobLock = new(_database.App);
        Job other = new(_ => Task.CompletedTask, "other");
        Job outer = new(async token => Assert.True(await jobLock.TryRunAsync(other, token)));
        Assert.True(await jobLock.TryRunAsync(outer, default));
        Assert.Equal(1, other.Runs);
    }

    [Fact]
    public async Task TryRunAsync_JobThrows_FreesTheLock()
    {
        JobLock jobLock = new(_database.App);
        Job broken = new(_ => throw new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => jobLock.TryRunAsync(broken, default));
        Assert.True(await jobLock.TryRunAsync(new Job(_ => Task.CompletedTask), default));
    }

    [Fact]
    public async Task Scheduler_JobThrows_RunsItAgainAndTheOthersToo()
    {
        TaskCompletionSource twice = new(), other = new();
        Job broken = null!;
        broken = new(_ =>
        {
            if (broken.Runs >= 2) twice.TrySetResult();
            throw new InvalidOperationException();
        });
        Job sound = new(_ =>
        {
            other.TrySetResult();
            return Task.CompletedTask;
        }, "sound");
        using JobScheduler scheduler = new(
            [broken, sound], new JobLock(_database.App), TimeProvider.System, NullLogger<JobScheduler>.Instance);
        await scheduler.StartAsync(default);
        await twice.Task;
        await other.Task;
        await scheduler.StopAsync(default);
    }

    [Fact]
    public async Task Scheduler_Stopped_CancelsTheRunningJob()
    {
        TaskCompletionSource started = new();
        Job endless = new(token =>
        {
            started.TrySetResult();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        });
        using JobScheduler scheduler = new(
            [endless], new JobLock(_database.App), TimeProvider.System, NullLogger<JobScheduler>.Instance);
        await scheduler.StartAsync(default);
        await started.Task;
        await scheduler.StopAsync(default);
        Assert.True(scheduler.ExecuteTask?.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task ExtendMessagePartitions_MonthsMissing_AddsThem()
    {
        await using (var drop = _database.Owner.CreateCommand(
            """
            do $$
            declare last text := (select max(inhrelid::regclass::text) from pg_inherits
                where inhparent = 'messages'::regclass);
            begin
                execute 'drop table ' || last;
            end $$
            """))
            await drop.ExecuteNonQueryAsync();
        long before = await PartitionsAsync();
        await new ExtendMessagePartitions(_database.App).RunAsync(default);
        Assert.Equal(before + 1, await PartitionsAsync());
    }

    private async Task<long> PartitionsAsync()
    {
        await using var count = _database.Owner.CreateCommand(
            "select count(*) from pg_inherits where inhparent = 'messages'::regclass");
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private sealed class Job(Func<CancellationToken, Task> work, string name = "job") : IJob
    {
        private int _runs;

        public string Name => name;

        public TimeSpan Every => TimeSpan.FromMilliseconds(20);

        public int Runs => _runs;

        public Task RunAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _runs);
            return work(cancellationToken);
        }
    }
}
