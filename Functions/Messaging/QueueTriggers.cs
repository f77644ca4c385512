using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Vellarys.Messaging;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Messaging;

/// <summary>One trigger a queue. Each message is settled by what its handler made of it, never by the host.</summary>
public sealed class QueueTriggers(ReceiveMessages receive)
{
    internal const string Connection = "ServiceBus";

    [Function(nameof(RecordMessage))]
    public Task RecordMessage(
        [ServiceBusTrigger(Queues.MessageProcessing, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.RunAsync(message, actions, null, cancellationToken);

    [Function(nameof(AnswerTurn))]
    public Task AnswerTurn(
        [ServiceBusTrigger(Queues.AiResponse, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.RunAsync(message, actions, null, cancellationToken);

    [Function(nameof(AnalyzeImage))]
    public Task AnalyzeImage(
        [ServiceBusTrigger(Queues.ImageAnalysis, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.RunAsync(message, actions, null, cancellationToken);

    [Function(nameof(DeliverMessage))]
    public Task DeliverMessage(
        [ServiceBusTrigger(Queues.MessageDelivery, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.RunAsync(message, actions, null, cancellationToken);

    [Function(nameof(StartSurvey))]
    public Task StartSurvey(
        [ServiceBusTrigger(Queues.NpsSurvey, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.RunAsync(message, actions, null, cancellationToken);

    [Function(nameof(DeliverCampaign))]
    public Task DeliverCampaign(
        [ServiceBusTrigger(Queues.CampaignDelivery, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.RunAsync(message, actions, null, cancellationToken);

    [Function(nameof(Learn))]
    public Task Learn(
        [ServiceBusTrigger(Queues.LearningTasks, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.RunAsync(message, actions, null, cancellationToken);

    [Function(nameof(SignalFlow))]
    public Task SignalFlow(
        [ServiceBusTrigger(Queues.FlowEvents, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => receive.RunAsync(message, actions, client, cancellationToken);

    [Function(nameof(DeliverWebhook))]
    public Task DeliverWebhook(
        [ServiceBusTrigger(Queues.WebhookDelivery, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, CancellationToken cancellationToken) =>
        receive.RunAsync(message, actions, null, cancellationToken);

    /// <summary>What overtakes the backlog of its own queue.</summary>
    [Function(nameof(HandleUrgent))]
    public Task HandleUrgent(
        [ServiceBusTrigger(BrokerMessage.UrgentEntity, Connection = Connection, AutoCompleteMessages = false)]
        ServiceBusReceivedMessage message, ServiceBusMessageActions actions, [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) => receive.RunAsync(message, actions, client, cancellationToken);
}
