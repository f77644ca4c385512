namespace Vellarys.Messaging.Broker;

/// <summary>What lies in the broker, for operators: the database only knows what was not relayed yet.</summary>
public interface IBrokerBacklog
{
    /// <summary>One entry for each of the broker's queues.</summary>
    /// <exception cref="TransientFault">The broker is away.</exception>
    Task<IReadOnlyList<BrokerBacklog>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>How long the first in line waits, over all queues. Quick.</summary>
    /// <exception cref="TransientFault">The broker is away.</exception>
    Task<BrokerAge> OldestAsync(CancellationToken cancellationToken);
}

/// <summary>Where one of the broker's queues stands.</summary>
/// <param name="Waiting">Due, also what a handler has in hand: a broker does not tell them apart.</param>
/// <param name="Delayed">Due later.</param>
/// <param name="Oldest">Since when the first of those that are due is there; null without one.</param>
/// <param name="IsKnown">
/// False where <paramref name="Oldest"/> is null because so much that is due later stood before that nobody looked on.
/// </param>
public sealed record BrokerBacklog(
    string Entity, long Waiting, long Delayed, TimeSpan? Oldest, bool IsKnown = true);

/// <summary>How long the first in line waits.</summary>
/// <param name="Oldest">Of the queues that could be seen into; null when nothing waits there.</param>
/// <param name="IsKnown">Whether that is all of them.</param>
public sealed record BrokerAge(TimeSpan? Oldest, bool IsKnown);
