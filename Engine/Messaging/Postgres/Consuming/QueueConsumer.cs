using Microsoft.Extensions.Logging;

namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>
/// Works off one queue in this process: leases due messages in sets, has up to MaxConcurrency handlers in flight, keeps
/// their leases alive and settles them in sets. An outage of the database interrupts it and ends nothing.
/// </summary>
internal sealed class QueueConsumer : IDisposable
{
    private const int MaxHeld = 4096;
    private static readonly TimeSpan CancelledMayTake = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CrowdedPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan CrowdedWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SettlingMayTake = TimeSpan.FromMilliseconds(20);
    private readonly CancellationTokenSource _stopLeasing = new();
    private readonly CancellationTokenSource _stopWatching = new();
    private readonly InFlightMessages _held = new();
    private readonly Signal _signal = new();
    private readonly FairLeases _leases;
    private readonly ConcurrencyLimiter _slots;
    private readonly HandlerInvoker _handling;
    private readonly LeaseWatch _watch;
    private readonly CompletionBatcher _settler;
    private readonly StuckHandlers _stuck;
    private readonly QueueOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Task _leasing = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;
    private int _wakes;
    private int _seen = -1;

    public QueueConsumer(
        IMessageHandler handler, QueueOptions options, LeaseStore store, StuckHandlers stuck, DeadLetterHooks hooks,
        TimeProvider time, ILogger<QueueConsumer> logger)
    {
        (Queue, _options, _stuck, _time, _logger) = (handler.Queue, options, stuck, time, logger);
        _slots = new(options.MaxConcurrency, delivery => _ = RunAsync(delivery));
        _leases = new(Queue, _slots, _held, store, time);
        _handling = new(handler, options, time, logger);
        _watch = new(Queue, _held, store, stuck, options, time, logger);
        _settler = new(Queue, _held, store, hooks, Tally, time, logger);
    }

    public string Queue { get; }

    public TimeSpan LockDuration => _options.LockDuration;

    public QueueCounters Tally { get; } = new();

    // What waits in the table goes first: while anything may be there, nothing new is handed over past it.
    private bool HasBacklog => Volatile.Read(ref _seen) != Volatile.Read(ref _wakes);

    public void Start()
    {
        _leasing = Task.Run(() => LoopAsync("lease", LeaseAsync, _stopLeasing.Token));
        _watching = Task.Run(() => LoopAsync("watch", WatchAsync, _stopWatching.Token));
        Log.ConsumerStarted(_logger, Queue, _options.MaxConcurrency);
    }

    /// <summary>Something may be due in the table.</summary>
    public void Wake()
    {
        Interlocked.Increment(ref _wakes);
        _signal.Set();
    }

    /// <summary>Room for messages that are about to be inserted under this process's lease.</summary>
    public int Reserve(int wanted) => HasBacklog ? 0 : _slots.Reserve(wanted);

    public void Release(int count) => _slots.Release(count);

    /// <summary>Takes messages that were inserted under <see cref="Reserve"/>, in their order.</summary>
    public void HandOver(IReadOnlyList<QueueMessage> messages)
    {
        long until = _time.GetTimestamp() + Ticks(LockDuration);
        Accept([.. messages.Select(m => Deliver(m, 1, until)).Where(_held.TryAdd).Where(MayStart)], messages.Count);
    }

    /// <summary>Leases no more, lets handlers end, gives back what was not started or would not end.</summary>
    public async Task StopAsync()
    {
        await _stopLeasing.CancelAsync();
        await EndAsync(_leasing);
        await EndAsync(Task.WhenAll(_slots.Close().Select(GiveBackAsync)));
        if (!await _held.EmptyAsync(_options.ShutdownGrace, _time))
        {
            _handling.IsStopping = true;
            foreach (LeasedMessage delivery in _held.All) delivery.Cancel();
            await _held.EmptyAsync(CancelledMayTake, _time);
        }

        Log.ConsumerStopped(_logger, Queue, _held.Count);
        await EndAsync(Task.WhenAll(_held.All.Where(d => d.TryLeave()).Select(GiveBackAsync)));
        await _stopWatching.CancelAsync();
        await EndAsync(_watching);
    }

    public void Dispose()
    {
        _stopLeasing.Dispose();
        _stopWatching.Dispose();
    }

    // Each loop is the host boundary of its work: whatever happens, it goes on.
    private async Task LoopAsync(string work, Func<CancellationToken, Task> step, CancellationToken stop)
    {
        for (int failures = 0; !stop.IsCancellationRequested;)
        {
            try
            {
                await step(stop);
                failures = 0;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031
            catch (Exception e)
#pragma warning restore CA1031
            {
                TimeSpan pause = TransientErrors.Pause(++failures);
                if (TransientErrors.Is(e))
                    Log.Unreachable(_logger, Queue, work, TransientErrors.Code(e), (int)pause.TotalMilliseconds);
                else Log.ConsumerError(_logger, Queue, work, (int)pause.TotalMilliseconds, e);
                await Task.Delay(pause, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task LeaseAsync(CancellationToken stop)
    {
        TimeSpan untilNext = _options.IdlePoll;
        int wakes = Volatile.Read(ref _wakes);
        int wanted = _slots.Wanted(_handling.Prefetch);
        if (_held.Count >= MaxHeld)
        {
            untilNext = SettlingMayTake;
        }
        else if (wanted == 0)
        {
            // Something may have become due meanwhile: look as soon as a place is free, which may be just now.
            Volatile.Write(ref _seen, wakes - 1);
            if (_slots.Wanted(_handling.Prefetch) > 0) return;
        }
        else
        {
            long until = _time.GetTimestamp() + Ticks(LockDuration);
            // Not cancelled: rows might be leased already and nobody would know of them.
            LeaseLook look = await _leases.RunAsync(
                _handling.Prefetch, LockDuration, untilNext, rows => Take(rows, until));
            Volatile.Write(ref _seen, look.IsDrained ? wakes : wakes - 1);
            // A look behind a crowd is no narrow walk: not for every single place that becomes free.
            if (look.IsCrowded && wanted < _options.MaxConcurrency / 4)
                await Task.Delay(CrowdedPause, _time, stop);
            if (!look.IsDrained && look.Count > 0) return;
            if (look.IsCrowded) untilNext = CrowdedWait;
            if (look.NextDue is { } next && next < untilNext) untilNext = next;
        }

        await _signal.WaitAsync(untilNext, stop);
    }

    private void Take(List<LeasedRow> rows, long until)
    {
        var accepted = new List<LeasedMessage>(rows.Count);
        foreach (LeasedRow row in rows)
        {
            LeasedMessage delivery = Deliver(row.Message, row.Failures + 1, until);
            if (!_held.TryAdd(delivery)) continue;
            if (row.Deliveries > _options.MaxDeliveries)
                _ = _settler.SettleAsync(_handling.Failed(delivery, Failure.Undeliverable, null));
            else if (MayStart(delivery)) accepted.Add(delivery);
        }

        Accept(accepted, 0);
    }

    // A second thread at the same work would fare no better than the first: the attempt fails without being started.
    private bool MayStart(LeasedMessage delivery)
    {
        if (!_stuck.Holds(delivery.Message)) return true;
        _ = _settler.SettleAsync(_handling.Failed(delivery, Failure.StillRunning, null));
        return false;
    }

    private LeasedMessage Deliver(QueueMessage message, int attempt, long until) =>
        new(message, attempt, _options.MaxAttempts, until, _settler.SettleAsync);

    private void Accept(IReadOnlyList<LeasedMessage> deliveries, int reserved)
    {
        if (_slots.Accept(deliveries, reserved)) return;
        foreach (LeasedMessage delivery in deliveries) _ = GiveBackAsync(delivery);
    }

    private async Task RunAsync(LeasedMessage delivery)
    {
        Completion? settlement = await _handling.RunAsync(delivery);
        if (delivery.TryLeave()) Leave(delivery, settlement, isStuck: false);
        else _stuck.Remove(delivery.Message);
    }

    private void Leave(LeasedMessage delivery, Completion? settlement, bool isStuck)
    {
        _slots.Leave(delivery, isStuck);
        if (HasBacklog && _slots.Wanted(_handling.Prefetch) > 0) _signal.Set();
        if (settlement is null) _settler.Settled(delivery);
        else _ = _settler.SettleAsync(settlement);
    }

    private async Task WatchAsync(CancellationToken stop)
    {
        await Task.Delay(_watch.Interval, _time, stop);
        foreach (LeasedMessage stuck in _watch.CancelOverdue())
            Leave(stuck, _handling.Failed(stuck, Failure.TimedOut, null), isStuck: true);
        await _watch.RenewAsync();
    }

    private Task GiveBackAsync(LeasedMessage delivery) =>
        _settler.SettleAsync(new(delivery, CompletionKind.Defer));

    // Shutdown does not wait for a database that is gone: the leases will end by themselves.
    private Task EndAsync(Task task) =>
        task.WaitAsync(TimeSpan.FromSeconds(5), _time).ContinueWith(
            _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);
}
