using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace Vellarys.Tests.Functions.Amqp;

/// <summary>A link on which a client receives.</summary>
internal sealed class AmqpConsumer : IAmqpConsumer
{
    private readonly SendingAmqpLink _link;
    private readonly AmqpQueue _queue;
    private readonly AmqpFaults _faults;

    public AmqpConsumer(SendingAmqpLink link, AmqpQueue queue, AmqpFaults faults)
    {
        (_link, _queue, _faults) = (link, queue, faults);
        link.RegisterCreditListener((_, _, _) => queue.Turn());
        link.RegisterDispositionListener(OnDisposition);
        link.Closed += (_, _) => queue.Remove(this);
        queue.Add(this);
    }

    public bool HasCredit => _link.LinkCredit > 0 && !_link.IsClosing();

    public bool IsForGood => _link.Settings.SettleType == SettleMode.SettleOnSend;

    public void Deliver(StoredMessage message) =>
        _link.SendMessageNoWait(message.Read(), message.Lock!.Value.ToByteArray(), AmqpConstants.NullBinary);

    private void OnDisposition(Delivery delivery)
    {
        if (IsForGood) return;
        Guid token = new(delivery.DeliveryTag);
        SettleFault fault = _faults.OnSettle(_queue.Name);
        if (fault == SettleFault.CutBefore)
        {
            AmqpBroker.Cut(_link.Session.Connection);
            return;
        }

        bool held = fault switch
        {
            SettleFault.LockLost => Lose(token),
            SettleFault.Doubled => _queue.Abandon(token, []),
            _ => Settle(token, delivery.State),
        };
        if (fault == SettleFault.CutAfter)
        {
            AmqpBroker.Cut(_link.Session.Connection);
            return;
        }

        // Also for what was rejected: a rejection in answer would be this end's own.
        Outcome outcome = held ? new Accepted() : LockLost();
        if (!delivery.Settled) _link.DisposeDelivery(delivery, true, outcome);
    }

    private bool Lose(Guid token)
    {
        _queue.LoseLock(token);
        return false;
    }

    private bool Settle(Guid token, DeliveryState state) => state switch
    {
        Accepted => _queue.Complete(token),
        Modified { UndeliverableHere: true } => _queue.Defer(token),
        Modified modified => _queue.Abandon(token, Properties(modified.MessageAnnotations)),
        Released => _queue.Release(token),
        Rejected rejected => Bury(token, rejected.Error?.Info),
        _ => false,
    };

    private bool Bury(Guid token, Fields? told)
    {
        Dictionary<string, object?> properties = new(Properties(told));
        properties.Remove("DeadLetterReason", out object? reason);
        properties.Remove("DeadLetterErrorDescription", out object? description);
        return _queue.Bury(token, reason as string, description as string, properties);
    }

    private static IEnumerable<KeyValuePair<string, object?>> Properties(Fields? fields) =>
        (fields ?? []).Select(f => new KeyValuePair<string, object?>(f.Key.ToString(), f.Value));

    private static Rejected LockLost() => new()
    {
        Error = new Error
        {
            Condition = AmqpManagement.LockLost, Description = "The lock expired, or the message is gone.",
        },
    };
}
