using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Messaging.Postgres;

/// <summary>
/// Tells other processes that a queue has something for them. After the commit and apart from it, because NOTIFY
/// takes a lock that is cluster-wide until its transaction is on disk; at most once every few milliseconds; and not at
/// all while nobody else listens. A signal that is lost on the way costs at most the idle poll of a second.
/// </summary>
internal sealed class PeerNotifier
{
    private const string Notify =
        """
        with settings as (select set_config('synchronous_commit', 'off', true))
        select count(pg_notify($1, queue || ' ' || $3::text)) from settings, unnest($2::text[]) queue
        where exists (select 1 from queue_consumers where id <> $3)
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan TrustAbsence = TimeSpan.FromSeconds(2);
    private readonly Batcher<string, bool> _batcher;
    private readonly NpgsqlDataSource _source;
    private readonly LocalConsumers _local;
    private readonly TimeProvider _time;
    private readonly ILogger<PeerNotifier> _logger;
    private long _nobodyUntil;

    public PeerNotifier(NpgsqlDataSource source, LocalConsumers local, TimeProvider time, ILogger<PeerNotifier> logger)
    {
        (_source, _local, _time, _logger) = (source, local, time, logger);
        _batcher = new(1000, 1, FlushAsync, _ => true);
        _nobodyUntil = time.GetTimestamp();
    }

    public void Tell(string queue)
    {
        // A process that came to life meanwhile looks for itself when it starts and every second.
        if (_time.GetTimestamp() < Volatile.Read(ref _nobodyUntil)) return;
        _ = ObserveAsync(_batcher.AddAsync(queue));
    }

    /// <summary>The queue and who notified: one's own signals need no answer.</summary>
    public static (string Queue, Guid Sender) Read(string payload)
    {
        int space = payload.LastIndexOf(' ');
        return Guid.TryParse(payload.AsSpan(space + 1), out Guid sender) && space > 0
            ? (payload[..space], sender)
            : (payload, Guid.Empty);
    }

    private async Task ObserveAsync(Task told)
    {
        try
        {
            await told;
        }
        catch (Exception e) when (TransientErrors.MayPass(e))
        {
            Log.Unreachable(_logger, "-", "notify", TransientErrors.Code(e), 0);
        }
    }

    private async Task<IReadOnlyList<bool>> FlushAsync(IReadOnlyList<string> queues)
    {
        await using NpgsqlCommand command = _source.CreateCommand(Notify);
        command.Parameters.Add(Sql.Value(Sql.Channel));
        command.Parameters.Add(Sql.Value(queues.Distinct().ToArray()));
        command.Parameters.Add(Sql.Value(_local.Id));
        if (await command.ExecuteScalarAsync() is 0L)
            Volatile.Write(ref _nobodyUntil, _time.GetTimestamp() + Ticks(TrustAbsence));
        await Task.Delay(Pause, _time);
        return new bool[queues.Count];
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}
