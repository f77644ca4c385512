using Microsoft.Extensions.Logging;

namespace Vellarys.Messaging.Postgres;

/// <summary>Ends leases in sets, one transaction a set, trying again while the lease lasts.</summary>
internal sealed class Settler
{
    private const int MaxItems = 512;
    private readonly Batcher<Settlement, bool> _batcher;
    private readonly string _queue;
    private readonly Held _held;
    private readonly LeaseStore _store;
    private readonly Tally _tally;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public Settler(string queue, Held held, LeaseStore store, Tally tally, TimeProvider time, ILogger logger)
    {
        (_queue, _held, _store, _tally, _time, _logger) = (queue, held, store, tally, time, logger);
        _batcher = new(MaxItems, 1, FlushAsync, Outage.Is);
    }

    /// <summary>Never throws: a message that cannot be settled comes again when its lease has ended.</summary>
    public async Task SettleAsync(Settlement settlement)
    {
        LeasedDelivery delivery = settlement.Delivery;
        for (int attempt = 1; !await TrySettleAsync(settlement); attempt++)
        {
            if (_time.GetTimestamp() >= delivery.LeasedUntil)
            {
                Log.SettleGivenUp(_logger, _queue, delivery.Message.Id);
                break;
            }

            await Task.Delay(Outage.Pause(attempt), _time);
        }

        _held.Remove(delivery);
    }

    /// <summary>The handler saw to it, in a transaction of its own or by turning the message away.</summary>
    public void Settled(LeasedDelivery delivery)
    {
        if (!delivery.IsTurnedAway) _tally.AddCompleted();
        _held.Remove(delivery);
    }

    private async Task<bool> TrySettleAsync(Settlement settlement)
    {
        try
        {
            return await _batcher.AddAsync(settlement);
        }
#pragma warning disable CA1031 // Logged by the flush; the caller tries again.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<bool>> FlushAsync(IReadOnlyList<Settlement> set)
    {
        try
        {
            await _store.SettleAsync(set);
        }
        catch (Exception e)
        {
            if (Outage.Is(e)) Log.Unreachable(_logger, _queue, "settle", Outage.Code(e), 0);
            else Log.ConsumerError(_logger, _queue, "settle", 0, e);
            throw;
        }

        foreach (Settlement settlement in set)
        {
            if (settlement.Kind == SettlementKind.Complete) _tally.AddCompleted();
            else if (settlement.Kind == SettlementKind.DeadLetter) _tally.AddFailed();
            else if (settlement is { Kind: SettlementKind.Defer, Reason: { } reason })
                Log.Deferred(_logger, _queue, settlement.Delivery.Message.Id, reason);
        }

        return Enumerable.Repeat(true, set.Count).ToArray();
    }
}
