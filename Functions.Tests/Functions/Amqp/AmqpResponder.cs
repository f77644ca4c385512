using System.Collections.Concurrent;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;

namespace Vellarys.Tests.Functions.Amqp;

/// <summary>A node that answers each request on the link that it names.</summary>
internal sealed class AmqpResponder(Func<AmqpMessage, AmqpMessage> answer)
{
    private readonly ConcurrentDictionary<string, SendingAmqpLink> _answers = new(StringComparer.Ordinal);

    public void Attach(AmqpLink link)
    {
        if (link is ReceivingAmqpLink requests)
        {
            requests.RegisterMessageListener(message => OnRequest(requests, message));
            return;
        }

        string address = ((Target)link.Settings.Target).Address.ToString()!;
        _answers[address] = (SendingAmqpLink)link;
        link.Closed += (_, _) => _answers.TryRemove(address, out _);
    }

    private void OnRequest(ReceivingAmqpLink requests, AmqpMessage request)
    {
        using (request)
        {
            AmqpMessage response = answer(request);
            response.Properties.CorrelationId = request.Properties.MessageId;
            string address = request.Properties.ReplyTo.ToString()!;
            requests.AcceptMessage(request, batchable: false);
            if (_answers.TryGetValue(address, out SendingAmqpLink? link))
                link.SendMessageNoWait(response, Ids.New(TimeProvider.System).ToByteArray(), AmqpConstants.NullBinary);
        }
    }
}
