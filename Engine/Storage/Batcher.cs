using System.Runtime.InteropServices;

namespace Vellarys.Storage;

/// <summary>
/// Gathers single items into sets without waiting for them: what arrives while a flush is in flight forms the next
/// one. A quiet system flushes one item at once; a busy one flushes up to <paramref name="maxItems"/> in one
/// transaction. Items keep their order, also across flushes when <paramref name="parallelism"/> is 1.
/// </summary>
/// <param name="maxItems">The most items in one flush.</param>
/// <param name="parallelism">How many flushes may run at once.</param>
/// <param name="flush">
/// Returns one result for each item, in order. When it throws, a set of several is split in two and each half tried
/// again, so that a bad item costs only itself; what <paramref name="isShared"/> accepts fails the whole set at once.
/// </param>
/// <param name="isShared">Tells faults that hit every item alike (a lost connection) from a bad item's.</param>
/// <param name="laneOf">
/// Whose an item is: while several have items waiting, they are taken in turn, so that one's many do not keep another's
/// few. The order is then kept within each. Null: all are one.
/// </param>
internal sealed class Batcher<TItem, TResult>(
    int maxItems,
    int parallelism,
    Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> flush,
    Func<Exception, bool> isShared,
    Func<TItem, Guid>? laneOf = null)
{
    private readonly Lock _gate = new();
    private readonly TurnQueue<Entry> _waiting = new();
    private int _running;

    /// <summary>Completes with the item's own result, or faults with the item's own exception.</summary>
    public Task<TResult> AddAsync(TItem item)
    {
        var entry = new Entry(item);
        lock (_gate)
        {
            _waiting.Enqueue(laneOf?.Invoke(item) ?? Guid.Empty, entry);
            if (_running == parallelism) return entry.Result.Task;
            _running++;
        }

        // The set belongs to all of its callers, so it runs in nobody's trace.
        ThreadPool.UnsafeQueueUserWorkItem(static batcher => _ = batcher.RunAsync(), this, preferLocal: false);
        return entry.Result.Task;
    }

    private async Task RunAsync()
    {
        while (Take() is { Count: > 0 } set) await FlushAsync(set);
    }

    private List<Entry> Take()
    {
        lock (_gate)
        {
            var set = new List<Entry>(Math.Min(maxItems, _waiting.Count));
            while (set.Count < maxItems && _waiting.TryDequeue(out Entry? entry)) set.Add(entry);
            if (set.Count == 0) _running--;
            return set;
        }
    }

    private async Task FlushAsync(List<Entry> set)
    {
        try
        {
            IReadOnlyList<TResult> results = await flush(set.ConvertAll(e => e.Item));
            for (int i = 0; i < set.Count; i++) set[i].Result.TrySetResult(results[i]);
        }
#pragma warning disable CA1031 // Every waiting caller must hear of the failure, whatever it is.
        catch (Exception e)
#pragma warning restore CA1031
        {
            if (set.Count == 1 || isShared(e))
            {
                foreach (Entry entry in CollectionsMarshal.AsSpan(set)) entry.Result.TrySetException(e);
                return;
            }

            int half = set.Count / 2;
            await FlushAsync(set.GetRange(0, half));
            await FlushAsync(set.GetRange(half, set.Count - half));
        }
    }

    private sealed class Entry(TItem item)
    {
        public TItem Item { get; } = item;

        public TaskCompletionSource<TResult> Result { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
