namespace Vellarys.Messaging.Broker;

/// <summary>What lies in the broker, for operators: the database only knows what was not relayed yet.</summary>
public interface IBrokerBacklog
{
    /// <summary>One entry for each of the broker's queues.</summary>
    /// <exception cref="TransientFault">The broker is away.</exception>
    Task<IReadOnlyList<BrokerBacklog>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>How long the first in line waits, over all queues; null when nothing does. Quick.</summary>
    /// <exception cref="TransientFault">The broker is away.</exception>
    Task<TimeSpan?> OldestAsync(CancellationToken cancellationToken);
}

/// <summary>Where one of the broker's queues stands.</summary>
/// <param name="Waiting">Due, also what a handler has in hand: a broker does not tell them apart.</param>
/// <param name="Delayed">Due later.</param>
/// <param name="Oldest">Since when the first of those that are due is there; null without one.</param>
public sealed record BrokerBacklog(string Entity, long Waiting, long Delayed, TimeSpan? Oldest);
