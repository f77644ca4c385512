namespace Vellarys.Messaging.Broker;

/// <summary>
/// Which messages of an order key were sent last, for <see cref="SentMessages.Window"/>. A hint: where it is forgotten,
/// the next message does not know whom it follows, and may overtake.
/// </summary>
public interface ILastSent
{
    /// <summary>The newest first; empty where none is known. Never fails.</summary>
    ValueTask<IReadOnlyList<SentMessage>> ReadAsync(Guid orderKey, CancellationToken cancellationToken);

    /// <summary>Puts them before those that are known. Never fails.</summary>
    /// <param name="sent">In the order in which they were sent.</param>
    ValueTask AddAsync(Guid orderKey, IReadOnlyList<SentMessage> sent, CancellationToken cancellationToken);
}
