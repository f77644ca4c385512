using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Messaging;

/// <summary>Sends envelopes to Service Bus, as many in a batch as fit.</summary>
public sealed class ServiceBusBroker(ServiceBusClient client, TimeProvider time) : IBroker
{
    // The strictest provider waits five seconds for its 200, and the client library sits a throttling out for longer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private const string NotTaken = "Service Bus did not take the messages.";

    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new(StringComparer.Ordinal);

    public async Task SendAsync(
        string entity, IReadOnlyList<BrokerMessage> messages, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await SendAllAsync(_senders.GetOrAdd(entity, client.CreateSender), messages, either.Token);
        }
        catch (OperationCanceledException e) when (
            patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Away("slow", e, NotTaken);
        }
        catch (ServiceBusException e) when (e.Reason == ServiceBusFailureReason.MessageSizeExceeded)
        {
            throw new PermanentFault("message_too_large", "A message is larger than Service Bus takes.", e);
        }
        catch (Exception e) when (IsAway(e))
        {
            throw Away(e, NotTaken);
        }
    }

    internal static bool IsAway(Exception e) =>
        e is ServiceBusException or UnauthorizedAccessException or TimeoutException
            or Azure.Identity.AuthenticationFailedException;

    internal static TransientFault Away(Exception e, string what) =>
        Away((e as ServiceBusException)?.Reason.ToString() ?? e.GetType().Name, e, what);

    private static TransientFault Away(string reason, Exception e, string what) =>
        new("broker_" + reason, what, e) { IsOutage = true };

    private static async Task SendAllAsync(
        ServiceBusSender sender, IReadOnlyList<BrokerMessage> messages, CancellationToken cancellationToken)
    {
        Queue<ServiceBusMessage> left = new(messages.Select(m => ToMessage(BrokerEnvelope.Of(m))));
        while (left.Count > 0)
        {
            using ServiceBusMessageBatch batch = await sender.CreateMessageBatchAsync(cancellationToken);
            while (left.TryPeek(out ServiceBusMessage? next) && batch.TryAddMessage(next)) left.Dequeue();
            if (batch.Count == 0)
                throw new PermanentFault("message_too_large", "A message is larger than Service Bus takes.");
            await sender.SendMessagesAsync(batch, cancellationToken);
        }
    }

    private static ServiceBusMessage ToMessage(BrokerEnvelope envelope)
    {
        ServiceBusMessage message = new(BinaryData.FromBytes(envelope.Body))
        {
            MessageId = envelope.Id, Subject = envelope.Subject, ContentType = "application/json",
        };
        // The wire counts milliseconds and cuts the rest off, which would be early.
        if (envelope.NotBefore is { } at) message.ScheduledEnqueueTime = at.AddTicks(TimeSpan.TicksPerMillisecond - 1);
        foreach ((string name, object value) in envelope.Properties) message.ApplicationProperties[name] = value;
        return message;
    }
}
