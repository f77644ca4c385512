using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Vellarys.Messaging.Broker;

namespace Vellarys.Functions.Messaging;

/// <summary>A message that the host received; settled through the host, which also renews its lock.</summary>
internal sealed class ServiceBusReceived(
    BrokerMessage content, ServiceBusReceivedMessage message, ServiceBusMessageActions actions) : ILockedMessage
{
    /// <summary>Where a dead letter carries its attempts; the broker keeps code and reason itself.</summary>
    public const string History = "history";

    // Longer ones are refused by the broker.
    private const int MaxReason = 4096;

    public BrokerMessage Content => content;

    public Task CompleteAsync(CancellationToken cancellationToken) =>
        actions.CompleteMessageAsync(message, cancellationToken);

    public Task AbandonAsync(CancellationToken cancellationToken) =>
        actions.AbandonMessageAsync(message, cancellationToken: cancellationToken);

    public Task DeadLetterAsync(string code, string reason, string history, CancellationToken cancellationToken) =>
        actions.DeadLetterMessageAsync(
            message, new Dictionary<string, object> { [History] = history }, code,
            reason.Length <= MaxReason ? reason : reason[..MaxReason], cancellationToken);

    /// <exception cref="PermanentFault">It is none of ours, or damaged.</exception>
    public static BrokerMessage Read(ServiceBusReceivedMessage message) =>
        BrokerEnvelope.Read(message.Body.ToMemory(), message.Subject, message.ApplicationProperties);
}
