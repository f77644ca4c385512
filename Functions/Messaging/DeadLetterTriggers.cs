using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Messaging;

/// <summary>
/// Takes what Service Bus gave up into the table that operators look at, whoever gave it up. Named after the trigger
/// that could not handle it.
/// </summary>
public sealed class DeadLetterTriggers(ReceiveMessages receive)
{
    private const string Connection = QueueTriggers.Connection;
    private const string Dead = "/$DeadLetterQueue";

    [Function("Keep" + nameof(QueueTriggers.RecordMessage))]
    public Task KeepRecordMessage(
        [ServiceBusTrigger(Queues.MessageProcessing + Dead, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.KeepAsync(message, actions, Queues.MessageProcessing, cancellationToken);

    [Function("Keep" + nameof(QueueTriggers.AnswerTurn))]
    public Task KeepAnswerTurn(
        [ServiceBusTrigger(Queues.AiResponse + Dead, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.KeepAsync(message, actions, Queues.AiResponse, cancellationToken);

    [Function("Keep" + nameof(QueueTriggers.AnalyzeImage))]
    public Task KeepAnalyzeImage(
        [ServiceBusTrigger(Queues.ImageAnalysis + Dead, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.KeepAsync(message, actions, Queues.ImageAnalysis, cancellationToken);

    [Function("Keep" + nameof(QueueTriggers.DeliverMessage))]
    public Task KeepDeliverMessage(
        [ServiceBusTrigger(Queues.MessageDelivery + Dead, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.KeepAsync(message, actions, Queues.MessageDelivery, cancellationToken);

    [Function("Keep" + nameof(QueueTriggers.StartSurvey))]
    public Task KeepStartSurvey(
        [ServiceBusTrigger(Queues.NpsSurvey + Dead, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.KeepAsync(message, actions, Queues.NpsSurvey, cancellationToken);

    [Function("Keep" + nameof(QueueTriggers.DeliverCampaign))]
    public Task KeepDeliverCampaign(
        [ServiceBusTrigger(Queues.CampaignDelivery + Dead, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.KeepAsync(message, actions, Queues.CampaignDelivery, cancellationToken);

    [Function("Keep" + nameof(QueueTriggers.Learn))]
    public Task KeepLearn(
        [ServiceBusTrigger(Queues.LearningTasks + Dead, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.KeepAsync(message, actions, Queues.LearningTasks, cancellationToken);

    [Function("Keep" + nameof(QueueTriggers.SignalFlow))]
    public Task KeepSignalFlow(
        [ServiceBusTrigger(Queues.FlowEvents + Dead, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.KeepAsync(message, actions, Queues.FlowEvents, cancellationToken);

    [Function("Keep" + nameof(QueueTriggers.DeliverWebhook))]
    public Task KeepDeliverWebhook(
        [ServiceBusTrigger(Queues.WebhookDelivery + Dead, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.KeepAsync(message, actions, Queues.WebhookDelivery, cancellationToken);

    [Function("Keep" + nameof(QueueTriggers.HandleUrgent))]
    public Task KeepHandleUrgent(
        [ServiceBusTrigger(BrokerMessage.UrgentEntity + Dead, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.KeepAsync(message, actions, BrokerMessage.UrgentEntity, cancellationToken);
}
