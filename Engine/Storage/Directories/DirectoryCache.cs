using System.Collections.Concurrent;
using Npgsql;

namespace Vellarys.Storage.Directories;

/// <summary>
/// All rows of a small table in memory. What it has once seen it keeps serving while the database is away; what it has
/// not seen it looks up, many keys in one query and one query at a time, and remembers for a moment what does not
/// exist.
/// </summary>
/// <param name="load">Reads the rows that carry one of the keys; every row where the keys are null.</param>
/// <param name="keysOf">Every key that a row is found by.</param>
internal sealed class DirectoryCache<TKey, TRow>(
    Func<IReadOnlyList<TKey>?, CancellationToken, Task<IReadOnlyList<TRow>>> load,
    Func<TRow, IEnumerable<TKey>> keysOf,
    TimeProvider time)
    where TKey : notnull
    where TRow : class
{
    private const int MaxLookups = 128;
    private const int MaxMissing = 10_000;
    private static readonly TimeSpan MissingFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWaitForChange = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<TKey, long> _missing = new();
    private readonly Dictionary<TKey, Task<TRow?>> _lookups = [];
    private readonly Batcher<TKey, TRow?> _batcher =
        new(MaxLookups, 1, keys => LookUpAsync(load, keysOf, keys), _ => true);
    private readonly Lock _gate = new();
    private volatile Snapshot? _rows;
    private Task? _refresh;
    private long _version;
    private long _failedAt = long.MinValue;

    public async ValueTask<TRow?> FindAsync(TKey key, CancellationToken cancellationToken)
    {
        Snapshot? rows = _rows;
        if (IsStale(rows)) rows = await CatchUpAsync(rows!, cancellationToken);
        if (rows is not null && rows.ByKey.TryGetValue(key, out TRow? known)) return known;
        if (_missing.TryGetValue(key, out long since) && time.GetElapsedTime(since) < MissingFor) return null;
        return await LookUpOnceAsync(key).WaitAsync(cancellationToken);
    }

    /// <summary>Every row, as of the last refresh.</summary>
    public async ValueTask<IReadOnlyList<TRow>> AllAsync(CancellationToken cancellationToken)
    {
        Snapshot? rows = _rows;
        if (IsStale(rows)) rows = await CatchUpAsync(rows!, cancellationToken);
        if (rows is null)
        {
            await RefreshAsync().WaitAsync(cancellationToken);
            rows = _rows!;
        }

        return rows.All;
    }

    /// <summary>
    /// The next look waits for a fresh copy, but not longer than a moment: then the old one has to do.
    /// </summary>
    public void Invalidate()
    {
        Interlocked.Increment(ref _version);
        _missing.Clear();
    }

    /// <summary>Reads everything anew. Callers that come meanwhile share the result.</summary>
    /// <exception cref="TransientFault">The database is away; the old rows stay.</exception>
    public Task RefreshAsync()
    {
        lock (_gate)
        {
            if (_refresh is null || _refresh.IsCompleted) _refresh = Task.Run(ReloadAsync);
            return _refresh;
        }
    }

    private bool IsStale(Snapshot? rows) => rows is not null && rows.Version != Volatile.Read(ref _version);

    private async Task ReloadAsync()
    {
        try
        {
            long version = Volatile.Read(ref _version);
            IReadOnlyList<TRow> all = await load(null, CancellationToken.None);
            var byKey = new ConcurrentDictionary<TKey, TRow>();
            foreach (TRow row in all)
            {
                foreach (TKey key in keysOf(row)) byKey[key] = row;
            }

            _rows = new Snapshot(version, all, byKey);
            Volatile.Write(ref _failedAt, long.MinValue);
        }
        catch (NpgsqlException e)
        {
            Volatile.Write(ref _failedAt, time.GetTimestamp());
            throw TransientErrors.Translate(e);
        }
    }

    private async ValueTask<Snapshot> CatchUpAsync(Snapshot old, CancellationToken cancellationToken)
    {
        long failedAt = Volatile.Read(ref _failedAt);
        if (failedAt != long.MinValue && time.GetElapsedTime(failedAt) < RetryAfterFailure) return old;
        try
        {
            await RefreshAsync().WaitAsync(LongestWaitForChange, time, cancellationToken);
            // One that was already under way may have read the rows before the change.
            if (IsStale(_rows))
                await RefreshAsync().WaitAsync(LongestWaitForChange, time, cancellationToken);
        }
        catch (Exception e) when (e is TransientFault or PermanentFault or TimeoutException)
        {
            return _rows!;
        }

        return _rows!;
    }

    private Task<TRow?> LookUpOnceAsync(TKey key)
    {
        lock (_lookups)
        {
            if (!_lookups.TryGetValue(key, out Task<TRow?>? lookup)) _lookups[key] = lookup = LookUpAsync(key);
            return lookup;
        }
    }

    private async Task<TRow?> LookUpAsync(TKey key)
    {
        // So that it never ends before it is listed.
        await Task.Yield();
        try
        {
            long version = Volatile.Read(ref _version);
            TRow? found = await _batcher.AddAsync(key);
            if (version != Volatile.Read(ref _version)) return found;
            if (found is null)
            {
                if (_missing.Count >= MaxMissing) _missing.Clear();
                _missing[key] = time.GetTimestamp();
            }
            else if (_rows is { } rows)
            {
                foreach (TKey each in keysOf(found)) rows.ByKey.TryAdd(each, found);
            }

            return found;
        }
        catch (NpgsqlException e)
        {
            throw TransientErrors.Translate(e);
        }
        finally
        {
            lock (_lookups) _lookups.Remove(key);
        }
    }

    private static async Task<IReadOnlyList<TRow?>> LookUpAsync(
        Func<IReadOnlyList<TKey>?, CancellationToken, Task<IReadOnlyList<TRow>>> load,
        Func<TRow, IEnumerable<TKey>> keysOf,
        IReadOnlyList<TKey> keys)
    {
        IReadOnlyList<TRow> rows = await load(keys, CancellationToken.None);
        var byKey = new Dictionary<TKey, TRow>();
        foreach (TRow row in rows)
        {
            foreach (TKey key in keysOf(row)) byKey[key] = row;
        }

        return [.. keys.Select(key => byKey.GetValueOrDefault(key))];
    }

    private sealed record Snapshot(long Version, IReadOnlyList<TRow> All, ConcurrentDictionary<TKey, TRow> ByKey);
}
