namespace Vellarys.Messaging.Broker;

/// <summary>
/// A queue service outside the database: Service Bus. At least once, unordered. Receiving is the host's, which hands
/// what it gets to <see cref="HandleReceived"/>.
/// </summary>
public interface IBroker
{
    /// <summary>
    /// Returns once all are durable there. Messages with a time are handed out no earlier than it.
    /// </summary>
    /// <param name="entity">The broker's queue; each message's <see cref="BrokerMessage.Entity"/>.</param>
    /// <exception cref="TransientFault">None may be counted on; sending the same again is safe.</exception>
    /// <exception cref="PermanentFault">The broker refuses them, for their size for instance.</exception>
    Task SendAsync(string entity, IReadOnlyList<BrokerMessage> messages, CancellationToken cancellationToken);
}
