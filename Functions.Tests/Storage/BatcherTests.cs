using Vellarys.Storage;
using Xunit;

namespace Vellarys.Tests.Storage;

public sealed class BatcherTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AddAsync_ArrivalsDuringAFlush_FormTheNextOneInOrder()
    {
        var first = new TaskCompletionSource();
        List<int[]> flushes = [];
        var batcher = new Batcher<int, int>(100, 1, async set =>
        {
            flushes.Add([.. set]);
            if (flushes.Count == 1) await first.Task;
            return [.. set.Select(i => i * 2)];
        }, _ => false);

        List<Task<int>> results = [batcher.AddAsync(0)];
        await UntilAsync(() => flushes.Count == 1);
        results.AddRange(Enumerable.Range(1, 50).Select(batcher.AddAsync));
        first.SetResult();

        Assert.Equal(Enumerable.Range(0, 51).Select(i => i * 2), await Task.WhenAll(results).WaitAsync(Patience));
        Assert.Equal(2, flushes.Count);
        Assert.Equal(Enumerable.Range(1, 50), flushes[1]);
    }

    [Fact]
    public async Task AddAsync_ParallelismOne_KeepsOrderAcrossFlushesOfAtMostMaxItems()
    {
        List<int> seen = [];
        int largest = 0;
        var batcher = new Batcher<int, int>(7, 1, async set =>
        {
            await Task.Yield();
            seen.AddRange(set);
            largest = Math.Max(largest, set.Count);
            return [.. set];
        }, _ => false);

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(batcher.AddAsync)).WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 1000), seen);
        Assert.Equal(7, largest);
    }

    [Fact]
    public async Task AddAsync_OneBadItem_CostsOnlyItself()
    {
        var gate = new TaskCompletionSource();
        var batcher = new Batcher<int, int>(100, 1, async set =>
        {
            await gate.Task;
            return set.Contains(13) ? throw new FormatException("13") : [.. set];
        }, _ => false);

        List<Task<int>> results = [.. Enumerable.Range(0, 40).Select(batcher.AddAsync)];
        gate.SetResult();

        for (int i = 0; i < 40; i++)
        {
            if (i == 13) await Assert.ThrowsAsync<FormatException>(() => results[13]);
            else Assert.Equal(i, await results[i].WaitAsync(Patience));
        }
    }

    [Fact]
    public async Task AddAsync_SharedFault_FailsTheSetOnceWithoutSplitting()
    {
        var gate = new TaskCompletionSource();
        int flushes = 0;
        var batcher = new Batcher<int, int>(100, 1, async _ =>
        {
            await gate.Task;
            Interlocked.Increment(ref flushes);
            throw new TimeoutException();
        }, e => e is TimeoutException);

        List<Task<int>> results = [.. Enumerable.Range(0, 40).Select(batcher.AddAsync)];
        gate.SetResult();

        foreach (Task<int> result in results) await Assert.ThrowsAsync<TimeoutException>(() => result);
        // The first flush took what was there when it began, the second all the rest.
        Assert.InRange(flushes, 1, 2);
    }

    [Fact]
    public async Task AddAsync_ParallelismTwo_RunsNoMoreThanTwoFlushesAtOnce()
    {
        int running = 0, most = 0;
        var both = new TaskCompletionSource();
        var batcher = new Batcher<int, int>(1, 2, async set =>
        {
            int now = Interlocked.Increment(ref running);
            lock (both) most = Math.Max(most, now);
            if (now == 2) both.TrySetResult();
            await both.Task;
            Interlocked.Decrement(ref running);
            return [.. set];
        }, _ => false);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(batcher.AddAsync)).WaitAsync(Patience);

        Assert.Equal(2, most);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task AddAsync_OneLaneFull_TheOthersItemIsInTheNextSet()
    {
        var open = new TaskCompletionSource();
        List<int> flushed = [];
        Batcher<int, int> batcher = new(
            4, 1,
            async items =>
            {
                await open.Task;
                flushed.AddRange(items);
                return [.. items];
            },
            _ => false,
            item => item < 100 ? Guid.Empty : new Guid(1, 0, 0, new byte[8]));
        List<Task> all = [.. Enumerable.Range(0, 40).Select(i => batcher.AddAsync(i))];
        all.AddRange([batcher.AddAsync(100), batcher.AddAsync(101)]);
        open.SetResult();
        await Task.WhenAll(all);

        Assert.InRange(flushed.IndexOf(101), 0, 11);
        Assert.Equal(Enumerable.Range(0, 40), flushed.Where(i => i < 100));
        Assert.Equal([100, 101], flushed.Where(i => i >= 100));
    }
}
