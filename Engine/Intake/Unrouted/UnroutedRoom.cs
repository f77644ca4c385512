using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace Vellarys.Intake.Unrouted;

/// <summary>
/// How much is kept of whoever signed events that no channel takes: an app of a tenant's own may sign for numbers that
/// nobody has, and the disk is everybody's. What may find its channel yet and what is only to be looked at have room of
/// their own, and the installation's app has ten times a tenant's. An estimate in memory, counted again after a while;
/// several processes may pass the limit by what each takes in meanwhile.
/// </summary>
internal sealed class UnroutedRoom(NpgsqlDataSource database, IntakeOptions options, TimeProvider time)
{
    /// <summary>What an event may take, in bytes, on average.</summary>
    private const int Bytes = 4_096;

    private const int OfInstallation = 10;

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

    /// <summary>Those that there is room for; they count from now on.</summary>
    public async Task<IReadOnlyList<UnroutedEvent>> TakeAsync(
        IReadOnlyList<UnroutedEvent> events, CancellationToken cancellationToken)
    {
        if (options.MaxUnrouted == 0) return events;
        var taken = new List<UnroutedEvent>(events.Count);
        foreach (IGrouping<(TenantId? OnlyFor, bool MayBeRouted), UnroutedEvent> group in events.GroupBy(
            e => (e.OnlyFor, e.MayBeRouted)))
        {
            Kept kept = await LookAsync(group.Key.OnlyFor, group.Key.MayBeRouted, cancellationToken);
            int most = Most(group.Key.OnlyFor);
            // Whole: a webhook is taken or not, and one must fit however large it is.
            if (kept.Events >= most || kept.Bytes >= (long)most * Bytes) continue;
            foreach (UnroutedEvent one in group) kept.Add(one.Event.Text.Length + (one.Event.Raw?.Length ?? 0));
            taken.AddRange(group);
        }

        return taken;
    }

    private async ValueTask<Kept> LookAsync(
        TenantId? onlyFor, bool mayBeRouted, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue((onlyFor, mayBeRouted), out Kept? kept) && time.GetElapsedTime(kept.At) < CountEvery)
            return kept;

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
