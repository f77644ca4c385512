using System.Runtime.CompilerServices;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Vellarys.Messaging.Broker;
using Vellarys.Tests.Messaging.Broker;

namespace Vellarys.Tests.Functions;

/// <summary>The client library's own seams, with the stand-in for the broker behind them.</summary>
internal sealed class FakeServiceBus(InMemoryBroker broker) : ServiceBusClient
{
    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(broker, queueOrTopicName);

    private sealed class Sender(InMemoryBroker broker, string entity) : ServiceBusSender
    {
        private static readonly ConditionalWeakTable<ServiceBusMessageBatch, List<ServiceBusMessage>> Batches = [];

        public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(
            CancellationToken cancellationToken = default)
        {
            List<ServiceBusMessage> messages = [];
            ServiceBusMessageBatch batch = ServiceBusModelFactory.ServiceBusMessageBatch(256 * 1024, messages);
            Batches.Add(batch, messages);
            return ValueTask.FromResult(batch);
        }

        public override Task SendMessagesAsync(
            ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
        {
            if (broker.IsDown)
                throw new ServiceBusException("gone", ServiceBusFailureReason.ServiceCommunicationProblem);
            foreach (ServiceBusMessage sent in Batches.GetOrCreateValue(messageBatch))
            {
                DateTimeOffset? at = sent.ScheduledEnqueueTime == default ? null : sent.ScheduledEnqueueTime;
                broker.Put(entity, new BrokerEnvelope(
                    sent.MessageId, sent.Body.ToMemory(), sent.Subject, at,
                    new Dictionary<string, object>(sent.ApplicationProperties)));
            }

            return Task.CompletedTask;
        }
    }

    /// <summary>As the host hands a message to the worker.</summary>
    public static ServiceBusReceivedMessage Received(InMemoryBroker.Item item, InMemoryBroker.Dead? dead = null)
    {
        Dictionary<string, object> properties = new(item.Envelope.Properties);
        if (dead?.History is { } history) properties["history"] = history;
        if (dead is not null) properties["DeadLetterReason"] = dead.Code ?? "MaxDeliveryCountExceeded";
        if (dead is not null) properties["DeadLetterErrorDescription"] = dead.Reason ?? "Too many deliveries.";
        return ServiceBusModelFactory.ServiceBusReceivedMessage(
            BinaryData.FromBytes(item.Envelope.Body), item.Envelope.Id, subject: item.Envelope.Subject,
            properties: properties, lockTokenGuid: Ids.New(TimeProvider.System), deliveryCount: item.Deliveries,
            enqueuedTime: TimeProvider.System.GetUtcNow());
    }

    /// <summary>The worker's hand on a message.</summary>
    internal sealed class Actions(InMemoryBroker broker, string entity, InMemoryBroker.Item item)
        : ServiceBusMessageActions
    {
        public List<string> Settled { get; } = [];

        public override Task CompleteMessageAsync(
            ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
        {
            Settled.Add("completed");
            broker.Complete(entity, item);
            return Task.CompletedTask;
        }

        public override Task AbandonMessageAsync(
            ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null,
            CancellationToken cancellationToken = default)
        {
            Settled.Add("abandoned");
            broker.Abandon(entity, item);
            return Task.CompletedTask;
        }

        public override Task DeadLetterMessageAsync(
            ServiceBusReceivedMessage message, Dictionary<string, object>? propertiesToModify = null,
            string? deadLetterReason = null, string? deadLetterErrorDescription = null,
            CancellationToken cancellationToken = default)
        {
            Settled.Add("dead");
            broker.Bury(
                entity, item, deadLetterReason!, deadLetterErrorDescription!,
                (string?)propertiesToModify?.GetValueOrDefault("history") ?? "[]");
            return Task.CompletedTask;
        }
    }
}
