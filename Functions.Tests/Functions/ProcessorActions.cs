using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Vellarys.Tests.Functions;

/// <summary>The worker's hand on a message, which the Functions host settles with the client library.</summary>
internal sealed class ProcessorActions(ProcessMessageEventArgs args) : ServiceBusMessageActions
{
    public override Task CompleteMessageAsync(
        ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        args.CompleteMessageAsync(message, cancellationToken);

    public override Task AbandonMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null,
        CancellationToken cancellationToken = default) =>
        args.AbandonMessageAsync(message, propertiesToModify, cancellationToken);

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message, Dictionary<string, object>? propertiesToModify = null,
        string? deadLetterReason = null, string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        args.DeadLetterMessageAsync(
            message, propertiesToModify ?? [], deadLetterReason, deadLetterErrorDescription, cancellationToken);
}
