using Microsoft.Extensions.Logging;
using Vellarys.Storage;

namespace Vellarys.Messaging.Postgres.Consuming;

/// <summary>Ends leases in sets, one transaction a set, trying again while the leases last.</summary>
internal sealed class CompletionBatcher
{
    private const int MaxItems = 512;
    private readonly Batcher<Completion, bool> _batcher;
    private readonly string _queue;
    private readonly InFlightMessages _held;
    private readonly LeaseStore _store;
    private readonly DeadLetterHooks _hooks;
    private readonly QueueCounters _tally;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public CompletionBatcher(
        string queue, InFlightMessages held, LeaseStore store, DeadLetterHooks hooks, QueueCounters tally,
        TimeProvider time,
        ILogger logger)
    {
        (_queue, _held, _store, _hooks) = (queue, held, store, hooks);
        (_tally, _time, _logger) = (tally, time, logger);
        _batcher = new(MaxItems, 1, FlushAsync, TransientErrors.Is);
    }

    /// <summary>Never fails: a message that cannot be settled comes again when its lease has ended.</summary>
    public Task SettleAsync(Completion settlement) =>
        settlement.Kind == CompletionKind.DeadLetter ? BuryAsync(settlement) : _batcher.AddAsync(settlement);

    /// <summary>The handler saw to it, in a transaction of its own or by turning the message away.</summary>
    public void Settled(LeasedMessage delivery)
    {
        if (!delivery.IsTurnedAway) _tally.AddCompleted();
        _held.Remove(delivery);
    }

    private async Task BuryAsync(Completion settlement)
    {
        await _hooks.RunAsync(settlement.Delivery.Message, settlement.Code ?? Failure.Undeliverable.Code);
        await _batcher.AddAsync(settlement);
    }

    // A set that the database refuses is split by the batcher until the one to blame is alone.
    private async Task<IReadOnlyList<bool>> FlushAsync(IReadOnlyList<Completion> set)
    {
        IReadOnlyList<Completion> left = set;
        for (int attempt = 1; left.Count > 0; attempt++)
        {
            try
            {
                await _store.SettleAsync(left);
                foreach (Completion settlement in left) End(settlement);
                break;
            }
            catch (Exception e) when (TransientErrors.Is(e))
            {
                TimeSpan pause = TransientErrors.Pause(attempt);
                Log.Unreachable(_logger, _queue, "settle", TransientErrors.Code(e), (int)pause.TotalMilliseconds);
                await Task.Delay(pause, _time);
                left = [.. left.Where(IsInTime)];
            }
            catch (Exception e) when (set.Count == 1)
            {
                Log.ConsumerError(_logger, _queue, "settle", 0, e);
                GiveUp(left[0]);
                break;
            }
        }

        return new bool[set.Count];
    }

    private bool IsInTime(Completion settlement)
    {
        if (_time.GetTimestamp() < settlement.Delivery.LeasedUntil) return true;
        GiveUp(settlement);
        return false;
    }

    private void GiveUp(Completion settlement)
    {
        Log.SettleGivenUp(_logger, _queue, settlement.Delivery.Message.Id);
        _held.Remove(settlement.Delivery);
    }

    private void End(Completion settlement)
    {
        if (settlement.Kind == CompletionKind.Complete) _tally.AddCompleted();
        else if (settlement.Kind == CompletionKind.DeadLetter) _tally.AddFailed();
        else if (settlement.Reason is { } reason)
            Log.Deferred(_logger, _queue, settlement.Delivery.Message.Id, reason);
        _held.Remove(settlement.Delivery);
    }
}
