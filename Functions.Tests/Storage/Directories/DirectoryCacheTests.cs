using System.Collections.Concurrent;
using Npgsql;
using Vellarys.Storage.Directories;
using Vellarys.Tests.Accounts;
using Xunit;

namespace Vellarys.Tests.Storage.Directories;

public sealed class DirectoryCacheTests
{
    private readonly ManualTime _time = new();
    private readonly ConcurrentQueue<IReadOnlyList<string>?> _loads = new();
    private readonly ConcurrentDictionary<string, Row> _table = new();
    private readonly DirectoryCache<string, Row> _cache;
    private Func<Task> _beforeLoad = () => Task.CompletedTask;
    private int _atOnce;
    private int _mostAtOnce;

    public DirectoryCacheTests() => _cache = new(LoadAsync, row => [row.Key], _time);

    [Fact]
    public async Task FindAsync_ManyUnknownKeys_AreAskedForOnceAndInSets()
    {
        await _cache.RefreshAsync();
        await Task.WhenAll(Enumerable.Range(0, 5_000).Select(
            async i => Assert.Null(await _cache.FindAsync($"garbage-{i % 2_500}", default))));

        List<IReadOnlyList<string>> asked = [.. _loads.Skip(1).Select(keys => keys!)];
        Assert.Equal(2_500, asked.Sum(keys => keys.Count));
        Assert.Equal(2_500, asked.SelectMany(keys => keys).Distinct().Count());
        Assert.All(asked, keys => Assert.InRange(keys.Count, 1, 128));
        Assert.Equal(1, _mostAtOnce);
    }

    [Fact]
    public async Task FindAsync_KnownKey_AsksNobody()
    {
        _table["a"] = new Row("a", 1);
        await _cache.RefreshAsync();
        for (int i = 0; i < 100; i++) Assert.Equal(1, (await _cache.FindAsync("a", default))!.Version);
        Assert.Single(_loads);
    }

    [Fact]
    public async Task FindAsync_InvalidatedDuringARefresh_WaitsForTheOneAfter()
    {
        _table["a"] = new Row("a", 1);
        await _cache.RefreshAsync();
        var started = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        _beforeLoad = () =>
        {
            started.TrySetResult();
            return gate.Task;
        };
        // This one will have read the row before the change.
        Task early = _cache.RefreshAsync();
        await started.Task;
        _cache.Invalidate();
        ValueTask<Row?> find = _cache.FindAsync("a", default);
        _beforeLoad = () =>
        {
            _table["a"] = new Row("a", 2);
            return Task.CompletedTask;
        };
        gate.SetResult();
        await early;
        Assert.Equal(2, (await find)!.Version);
    }

    [Fact]
    public async Task FindAsync_InvalidatedWhileDatabaseAway_AsksOnceASecondAndServesTheOld()
    {
        _table["a"] = new Row("a", 1);
        await _cache.RefreshAsync();
        _beforeLoad = () => throw new NpgsqlException("away");
        _cache.Invalidate();
        for (int i = 0; i < 50; i++) Assert.Equal(1, (await _cache.FindAsync("a", default))!.Version);
        Assert.Equal(2, _loads.Count);

        _beforeLoad = () => Task.CompletedTask;
        _table["a"] = new Row("a", 2);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, (await _cache.FindAsync("a", default))!.Version);
    }

    [Fact]
    public async Task FindAsync_CallerGivesUp_LeavesTheOthersTheirAnswer()
    {
        await _cache.RefreshAsync();
        _table["a"] = new Row("a", 1);
        var gate = new TaskCompletionSource();
        _beforeLoad = () => gate.Task;
        using var stop = new CancellationTokenSource();
        Task<Row?> impatient = _cache.FindAsync("a", stop.Token).AsTask();
        Task<Row?> patient = _cache.FindAsync("a", default).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        gate.SetResult();
        Assert.NotNull(await patient);
    }

    private async Task<IReadOnlyList<Row>> LoadAsync(IReadOnlyList<string>? keys, CancellationToken cancellationToken)
    {
        int atOnce = Interlocked.Increment(ref _atOnce);
        _mostAtOnce = Math.Max(_mostAtOnce, atOnce);
        _loads.Enqueue(keys);
        try
        {
            // Read first: what changes while the test holds the gate is not in this result.
            List<Row> rows = [.. _table.Values.Where(r => keys is null || keys.Contains(r.Key))];
            Task hold = _beforeLoad();
            if (!hold.IsCompleted) await hold;
            else rows = [.. _table.Values.Where(r => keys is null || keys.Contains(r.Key))];
            return rows;
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }
    }

    private sealed record Row(string Key, int Version);
}
