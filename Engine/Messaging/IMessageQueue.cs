namespace Vellarys.Messaging;

/// <summary>Durable, at-least-once, unordered queues. PostgreSQL in Standalone, Service Bus in Azure.</summary>
public interface IMessageQueue
{
    /// <summary>
    /// Returns once every message is durable. All or nothing: a <see cref="TransientFault"/> means that none may be
    /// counted on, and that sending the same ids again is safe.
    /// </summary>
    Task SendAsync(IReadOnlyList<QueueMessage> messages, CancellationToken cancellationToken);
}
