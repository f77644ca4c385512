using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace Vellarys.Tests.Functions.Amqp;

/// <summary>A link on which a client sends. A batch is taken as a whole or not at all.</summary>
internal sealed class AmqpPublisher
{
    // Service Bus: many messages in one, each a Data section.
    private const uint BatchFormat = 0x80013700;
    private readonly ReceivingAmqpLink _link;
    private readonly AmqpQueue _queue;
    private readonly AmqpFaults _faults;

    public AmqpPublisher(ReceivingAmqpLink link, AmqpQueue queue, AmqpFaults faults)
    {
        (_link, _queue, _faults) = (link, queue, faults);
        link.RegisterMessageListener(OnMessage);
    }

    private void OnMessage(AmqpMessage message)
    {
        using (message)
        {
            if (_faults.OnSend(_queue.Name) is { } condition)
            {
                Error error = new() { Condition = condition, Description = "As the test wants it." };
                _link.DisposeMessage(message, new Rejected { Error = error }, settled: true, batchable: false);
                return;
            }

            if (message.MessageFormat == BatchFormat)
            {
                foreach (Data one in message.DataBody) _queue.Put(((ArraySegment<byte>)one.Value).ToArray());
            }
            else
            {
                _queue.Put(StoredMessage.Encode(message));
            }

            _link.AcceptMessage(message, batchable: false);
        }
    }
}
