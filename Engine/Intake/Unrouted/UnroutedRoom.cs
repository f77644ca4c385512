using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;
using Vellarys.Storage;

namespace Vellarys.Intake.Unrouted;

/// <summary>
/// How much is kept of whoever signed events that no channel takes: an app of a tenant's own may sign for numbers that
/// nobody has, and the disk is everybody's. What may find its channel yet and what is only to be looked at have room of
/// their own, and the installation's app has ten times a tenant's. An estimate in memory, counted again after a while;
/// several processes may pass the limit by what each takes in meanwhile.
/// </summary>
/// <remarks>
/// An app of a tenant's own is put off when its room is full: only that tenant waits. The installation's app brings the
/// events of everybody, and what is put off for long its provider stops sending: there the oldest make room.
/// </remarks>
internal sealed class UnroutedRoom(NpgsqlDataSource database, IntakeOptions options, TimeProvider time)
{
    /// <summary>What an event may take, in bytes, on average.</summary>
    private const int Bytes = 4_096;

    private const int OfInstallation = 10;

    // A tenth at a time, so that room is made once for many webhooks.
    private const int Share = 10;
    private const int MaxRounds = 10;

    // The advisory lock of whoever makes room ("Vunrouted").
    private const long Lock = 0x56756E726F757465;
    private static readonly string MakeRoom = EngineSql.Of<UnroutedRoom>("make-room.sql");

    private const string Count =
        """
        select count(*), coalesce(sum(u.bytes), 0)::bigint
        from (
            select u.bytes from unrouted_events u
            where u.only_for = $1 and (u.reason = 'unknown_number') = $2
            limit $3
        ) u
        """;

    private static readonly string CountOfInstallation =
        Count.Replace("only_for = $1", "only_for is null and $1 is null", StringComparison.Ordinal);

    private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<(TenantId? OnlyFor, bool MayBeRouted), Kept> _kept = new();
    private long _inVainAt = long.MinValue;

    /// <summary>Those that there is room for, which count from now on; and how many older ones made it.</summary>
    public async Task<(IReadOnlyList<UnroutedEvent> Taken, int Displaced)> TakeAsync(
        IReadOnlyList<UnroutedEvent> events, CancellationToken cancellationToken)
    {
        if (options.MaxUnrouted == 0) return (events, 0);
        var taken = new List<UnroutedEvent>(events.Count);
        int displaced = 0;
        foreach (IGrouping<(TenantId? OnlyFor, bool MayBeRouted), UnroutedEvent> group in events.GroupBy(
            e => (e.OnlyFor, e.MayBeRouted)))
        {
            Kept kept = await LookAsync(group.Key.OnlyFor, group.Key.MayBeRouted, cancellationToken);
            // Whole: a webhook is taken or not, and one must fit however large it is.
            if (IsFull(kept, group.Key.OnlyFor))
            {
                if (group.Key is not (null, true)) continue;
                (kept, int gone) = await MakeRoomAsync(kept, cancellationToken);
                displaced += gone;
            }

            foreach (UnroutedEvent one in group) kept.Add(one.Event.Text.Length + (one.Event.Raw?.Length ?? 0));
            taken.AddRange(group);
        }

        return (taken, displaced);
    }

    /// <summary>
    /// Taken is what came in any case: there is room, another process makes it, or all that lies there is on its way.
    /// </summary>
    private async Task<(Kept Kept, int Displaced)> MakeRoomAsync(Kept kept, CancellationToken cancellationToken)
    {
        int displaced = 0, gone = 1;
        long triedAt = Volatile.Read(ref _inVainAt);
        // What nobody could make just now, the next webhooks need not try.
        if (triedAt != long.MinValue && time.GetElapsedTime(triedAt) < CountEvery) return (kept, 0);
        for (int round = 0; gone > 0 && IsFull(kept, null) && round < MaxRounds; round++)
        {
            await using NpgsqlBatch batch = database.CreateBatch();
            batch.BatchCommands.Add(TenantScope.Directory());
            NpgsqlBatchCommand command = new NpgsqlBatchCommand(MakeRoom)
                .With(Lock).With(Math.Max(1, Most(null) / Share));
            batch.BatchCommands.Add(command);
            await batch.ExecuteNonQueryAsync(cancellationToken);
            displaced += gone = (int)command.RecordsAffected;
            kept = await CountAsync(null, true, cancellationToken);
        }

        Volatile.Write(ref _inVainAt, gone == 0 ? time.GetTimestamp() : long.MinValue);
        return (kept, displaced);
    }

    private bool IsFull(Kept kept, TenantId? onlyFor) =>
        kept.Events >= Most(onlyFor) || kept.Bytes >= (long)Most(onlyFor) * Bytes;

    private async ValueTask<Kept> LookAsync(
        TenantId? onlyFor, bool mayBeRouted, CancellationToken cancellationToken) =>
        _kept.TryGetValue((onlyFor, mayBeRouted), out Kept? kept) && time.GetElapsedTime(kept.At) < CountEvery
            ? kept
            : await CountAsync(onlyFor, mayBeRouted, cancellationToken);

    private async Task<Kept> CountAsync(TenantId? onlyFor, bool mayBeRouted, CancellationToken cancellationToken)
    {
        long at = time.GetTimestamp();
        await using NpgsqlCommand command = database.CreateCommand(onlyFor is null ? CountOfInstallation : Count);
        command.Parameters.Add(
            new() { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)onlyFor?.Value ?? DBNull.Value });
        command.Parameters.Add(new() { Value = mayBeRouted });
        command.Parameters.Add(new() { Value = (long)Most(onlyFor) });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return _kept[(onlyFor, mayBeRouted)] = new Kept(at, reader.GetInt64(0), reader.GetInt64(1));
    }

    private int Most(TenantId? onlyFor) => onlyFor is null ? options.MaxUnrouted * OfInstallation : options.MaxUnrouted;

    private sealed class Kept(long at, long events, long bytes)
    {
        private long _events = events;
        private long _bytes = bytes;

        public long At => at;

        public long Events => Volatile.Read(ref _events);

        public long Bytes => Volatile.Read(ref _bytes);

        public void Add(int bytes)
        {
            Interlocked.Increment(ref _events);
            Interlocked.Add(ref _bytes, bytes);
        }
    }
}
