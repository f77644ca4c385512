using Microsoft.Extensions.Logging;
using Npgsql;
using Vellarys.Storage;

namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>
/// One session of its own that hears of other processes' messages. Its life is also this process's sign of life: it
/// registers itself in <c>queue_consumers</c>, and when it is gone others release what this process had leased.
/// </summary>
internal sealed class QueueListener(
    ListenSource source, LocalConsumers local, TimeProvider time, ILogger<QueueListener> logger)
{
    private const string Register =
        """
        insert into queue_consumers (id, backend_pid, backend_start)
        select $1, pid, backend_start from pg_stat_activity where pid = pg_backend_pid()
        on conflict (id) do update
        set backend_pid = excluded.backend_pid, backend_start = excluded.backend_start
        """;

    private readonly TaskCompletionSource _firstTry = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Ends once this process is registered, or could not be for now. Whatever it leases before that nobody would
    /// release at its death.
    /// </summary>
    public Task FirstTry => _firstTry.Task;

    /// <summary>Runs until <paramref name="stop"/>; an outage only means polling until the session is back.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        for (int failures = 0; !stop.IsCancellationRequested;)
        {
            try
            {
                await ListenAsync(() => failures = 0, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The session's own boundary: without it the queue still works, only slower.
            catch (Exception e)
#pragma warning restore CA1031
            {
                TimeSpan pause = RetryPolicy.Pause(++failures);
                Log.ListenLost(logger, TransientErrors.Code(e), (int)pause.TotalMilliseconds);
                _firstTry.TrySetResult();
                await Task.Delay(pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(Action listening, CancellationToken stop)
    {
        await using NpgsqlConnection session = await source.OpenAsync(stop);
        session.Notification += (_, notification) => Heard(notification.Payload);
        await using (NpgsqlBatch batch = session.CreateBatch())
        {
            batch.BatchCommands.Add(new($"listen {Sql.Channel}"));
            batch.BatchCommands.Add(new(Register) { Parameters = { Sql.Value(local.Id) } });
            await batch.ExecuteNonQueryAsync(stop);
        }

        Log.Listening(logger);
        listening();
        _firstTry.TrySetResult();
        // What was notified while nobody listened.
        local.WakeAll();
        try
        {
            while (true) await session.WaitAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await UnregisterAsync();
        }
    }

    private void Heard(string payload)
    {
        (string queue, Guid sender) = PeerNotifier.Read(payload);
        if (sender != local.Id) local.Find(queue)?.Wake();
    }

    private async Task UnregisterAsync()
    {
        await using NpgsqlConnection session = await source.OpenAsync(CancellationToken.None);
        await using NpgsqlCommand command = new("delete from queue_consumers where id = $1", session);
        command.Parameters.Add(Sql.Value(local.Id));
        await command.ExecuteNonQueryAsync();
    }
}
